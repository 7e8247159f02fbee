"""Where a scanned paper leads: its statement is proved in the browser, and sent nowhere."""

from flask import Blueprint, jsonify, render_template
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import public
from siweb.documents.labels import KINDS
from siweb.documents.proof.keys import published
from siweb.documents.proof.office_key import paper_signers
from siweb.documents.proof.statement import KIND_ORDER

blueprint = Blueprint("proof", __name__)


@blueprint.get("/v")
@public
def show_proof() -> str:
    return render_template(
        "documents/proof.html",
        keys=published(paper_signers())["keys"],
        kinds=[str(KINDS[kind]) for kind in KIND_ORDER],
        today=clock.today().isoformat(),
    )


@blueprint.get("/.well-known/siweb-paper-keys.json")
@public
def send_keys() -> Response:
    """Publish the keys that papers are proved with, the one in use first."""
    return jsonify(published(paper_signers()))
