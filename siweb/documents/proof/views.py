"""Where a scanned paper leads: its statement is proved in the browser, and sent nowhere."""

from flask import Blueprint, abort, jsonify, render_template
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import public
from siweb.documents.forms import VerifyForm
from siweb.documents.kinds import KINDS
from siweb.documents.proof.keys import published
from siweb.documents.proof.office_key import paper_signers
from siweb.documents.proof.revocations import revoked_references, signed_revocations
from siweb.documents.proof.statement import KIND_ORDER
from siweb.documents.tables.document import DocumentKind
from siweb.rules.calendar.months import parse_month
from siweb.web.database import db_session

blueprint = Blueprint("proof", __name__)


@blueprint.get("/v")
@public
def show_proof() -> str:
    return render_template(
        "documents/proof.html",
        keys=published(paper_signers())["keys"],
        kinds=[str(KINDS[kind]) for kind in KIND_ORDER],
        today=clock.today().isoformat(),
        # Without scripts what stands after the # is not read: the way by the code is then here.
        form=VerifyForm(None),
    )


@blueprint.get("/.well-known/siweb-revoked/<kind>/<month>.cose")
@public
def send_revocations(kind: str, month: str) -> Response:
    """Publish which papers of a kind and a month of issue were revoked since."""
    try:
        asked, month = DocumentKind(kind), parse_month(month)
    except ValueError:
        abort(404)
    listed = revoked_references(db_session(), asked, month, on=clock.today())
    signer = paper_signers()[0]
    answer = Response(signed_revocations(asked, month, listed, signer, at=clock.now()))
    answer.mimetype = "application/cose"
    return answer


@blueprint.get("/.well-known/siweb-paper-keys.json")
@public
def send_keys() -> Response:
    """Publish the keys that papers are proved with, the one in use first."""
    return jsonify(published(paper_signers()))
