"""Where a scanned paper leads: its statement is proved in the browser, and sent nowhere."""

from datetime import timedelta
from hashlib import sha256

from flask import Blueprint, abort, jsonify, render_template, request
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import public
from siweb.documents.forms import VerifyForm
from siweb.documents.kinds import KINDS
from siweb.documents.proof.keys import published
from siweb.documents.proof.office_key import paper_signers
from siweb.documents.proof.revocations import revoked_papers, signed_revocations
from siweb.documents.proof.statement import KIND_ORDER
from siweb.documents.secret import document_secret
from siweb.documents.tables.document import DocumentKind
from siweb.documents.verify import VerificationPaused, address_hash, hold_to_limit
from siweb.rules.calendar.months import month_of, parse_month
from siweb.web.database import write_session, writes

blueprint = Blueprint("proof", __name__)
# No office had papers of this kind before; of months to come there are none.
_FIRST_MONTH = "2000-01"
# Two years of every kind in ten minutes: who holds papers of others asks for no more.
MOST_FETCHED = 300
# A paper that was revoked is on the list of whoever keeps one a few minutes later.
_LIST_KEPT = timedelta(minutes=10)
# Keys change once in years, and a new one is published before anybody holds a paper of it.
_KEYS_KEPT = timedelta(hours=1)


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
@writes
def send_revocations(kind: str, month: str) -> Response:
    """Publish which papers of a kind and a month of issue were revoked since."""
    try:
        asked, month = DocumentKind(kind), parse_month(month)
    except ValueError:
        abort(404)
    if not _FIRST_MONTH <= month <= month_of(clock.today()):
        abort(404)
    # Counted apart from codes that are tried: lists are fetched by programs.
    asked_from = address_hash(document_secret(), request.remote_addr or "", "fetching lists")
    at, signer = clock.now(), paper_signers()[0]
    with write_session() as session:
        try:
            hold_to_limit(session, asked_from, at, most=MOST_FETCHED)
        except VerificationPaused as paused:
            session.commit()
            paused_page = render_template("web/error.html", code=429, reference=None)
            refused = Response(paused_page, 429, mimetype="text/html")
            refused.retry_after = paused.until
            return refused
        found = revoked_papers(session, asked, month, on=clock.today())
        session.commit()
    answer = Response(
        signed_revocations(asked, month, found.references, signer, at=at),
        mimetype="application/cose",
    )
    answer.last_modified = found.changed_at
    return _kept(answer, _LIST_KEPT)


@blueprint.get("/.well-known/siweb-paper-keys.json")
@public
def send_keys() -> Response:
    """Publish the keys that papers are proved with, the one in use first."""
    return _kept(jsonify(published(paper_signers())), _KEYS_KEPT)


def _kept(answer: Response, kept_for: timedelta) -> Response:
    """Let everybody keep an answer that is nobody's in particular, and ask whether it changed."""
    answer.cache_control.public = True
    answer.cache_control.max_age = int(kept_for.total_seconds())
    answer.set_etag(sha256(answer.get_data()).hexdigest()[:32])
    return answer.make_conditional(request)
