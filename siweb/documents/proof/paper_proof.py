"""What goes onto and into a paper so that it can be proved without the office."""

from typing import NamedTuple

from siweb.documents.proof.base64url import encoded
from siweb.documents.proof.keys import Signer
from siweb.documents.proof.statement import attached_data, signed_statement
from siweb.documents.tables.document import Document


class PaperProof(NamedTuple):
    """The text of the QR code, and the two files in the PDF."""

    qr_text: str
    statement: bytes
    data: bytes


def paper_proof(document: Document, signer: Signer, address: str) -> PaperProof:
    """Return the proof of a document; `address` is where its code leads.

    Nothing after the # of an address is ever sent to a server.
    """
    statement = signed_statement(document, signer)
    return PaperProof(f"{address}#{encoded(statement)}", statement, attached_data(document))
