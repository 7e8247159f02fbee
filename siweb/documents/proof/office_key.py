"""The office's own key of papers, as entry points need it."""

from typing import cast

from flask import current_app, url_for

from siweb.documents.proof.keys import Signer
from siweb.documents.proof.paper_proof import PaperProof, paper_proof
from siweb.documents.tables.document import Document
from siweb.web.addresses import public_address


def paper_signers() -> list[Signer]:
    """Return the key in use and those before it."""
    return cast("list[Signer]", current_app.extensions["siweb_paper_signers"])


def proof_of(document: Document) -> PaperProof:
    """Return what proves a document of this office."""
    address = public_address(url_for("proof.show_proof"))
    return paper_proof(document, paper_signers()[0], address)
