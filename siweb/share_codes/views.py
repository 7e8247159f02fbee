"""The pages of share codes: their owner's, and the one on which somebody uses a code."""

from typing import Any, cast

from flask import (
    Blueprint,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as browser
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, public, signed_in, visitor
from siweb.documents.secret import document_secret
from siweb.documents.verify import VerificationPaused, address_hash
from siweb.ledgers.access_log.may_read import OPEN_CODES
from siweb.rules.errors import Refusal
from siweb.share_codes.code import share_code
from siweb.share_codes.facts import facts_of
from siweb.share_codes.find import open_codes, own_code, own_codes, used_code, uses_of
from siweb.share_codes.forms import USUAL, MakeForm, UseForm
from siweb.share_codes.labels import REFUSALS, SHOWN
from siweb.share_codes.make import ShareRefused, make_code, take_back
from siweb.share_codes.tables.share_code import ShareCode
from siweb.share_codes.use import use_code
from siweb.web.addresses import public_address
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import template_labels

blueprint = Blueprint("share_codes", __name__, url_prefix="/share-codes")
shared = Blueprint("shared", __name__, url_prefix="/shared")
# What the browser keeps, signed: which use of a code was its own.
_USE = "share_code_use"
template_labels(blueprint, share_words={"shown": SHOWN})
blueprint.record_once(lambda state: state.app.extensions.update({OPEN_CODES: open_codes}))


@blueprint.get("")
@signed_in
def show_codes() -> str:
    codes = own_codes(db_session(), visitor().person_id)
    return render_template("share_codes/codes.html", codes=codes, today=clock.today())


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in
def make() -> Any:
    """Make a code of one's own record; nobody makes one for somebody else."""
    today = clock.today()
    form = MakeForm(valid_until_on=today + USUAL)
    form.on = today
    made: list[ShareCode] = []

    def keep() -> None:
        by: dict[str, Any] = {"actor": actor(), "on": today, "at": clock.now()}
        made.append(make_code(db_session(), form.grant(), secret=document_secret(), **by))

    if request.method == "POST" and form.validate() and carried_out(form, keep, _why):
        return redirect(url_for("share_codes.show_code", reference=made[0].reference), 303)
    page = render_template("share_codes/new.html", form=form)
    return page if request.method == "GET" else (page, 422)


@blueprint.get("/<reference>")
@signed_in
def show_code(reference: str) -> str:
    code = _own(reference)
    return render_template(
        "share_codes/code.html",
        code=code,
        written=share_code(document_secret(), code.reference),
        is_open=code.is_open(clock.today()),
        uses=uses_of(db_session(), code),
        # Its owner sees what others see, and no use is gone by it.
        seen=facts_of(db_session(), code, on=clock.today()),
        place=public_address(url_for("shared.show_form")).partition("://")[2],
    )


@blueprint.post("/<reference>/take-back")
@signed_in
def take_code_back(reference: str) -> Response:
    """Let a code show nothing any more, at once."""
    take_back(db_session(), _own(reference), actor=actor(), at=clock.now())
    db_session().commit()
    flash(_("Taken back. The code shows nothing any more."))
    return redirect(url_for("share_codes.show_code", reference=reference), 303)


@shared.get("")
@public
def show_form() -> str:
    return render_template("share_codes/use.html", form=UseForm())


@shared.post("")
@public
def use() -> Any:
    """Use a code. It comes in a form: neither address nor history holds it."""
    form, session = UseForm(), db_session()
    if not form.validate():
        return render_template("share_codes/use.html", form=form), 422
    asked_from = address_hash(document_secret(), request.remote_addr or "")
    at, today = clock.now(), clock.today()
    try:
        used = use_code(session, form.code.data or "", address_hash=asked_from, on=today, at=at)
    except VerificationPaused as paused:
        session.commit()
        answer = make_response(render_template("web/error.html", code=429, reference=None), 429)
        answer.retry_after = paused.until
        return answer
    except ShareRefused as refused:
        # Not taken back as other refusals are: a wrong try is counted, or the limit holds nobody.
        session.commit()
        form.show_refusal(refused.code, _why(refused))
        return render_template("share_codes/use.html", form=form), 422
    session.commit()
    # The use is this browser's: to show the page again is no further one.
    browser[_USE] = used.id
    return redirect(url_for("shared.show_facts"), 303)


@shared.get("/facts")
@public
def show_facts() -> Any:
    """Show what a code shows, for some minutes after this browser used it."""
    code = used_code(db_session(), browser.get(_USE), at=clock.now())
    if code is None:
        return redirect(url_for("shared.show_form"), 303)
    g.shared_person = (code.person_id,)
    seen = facts_of(db_session(), code, on=clock.today())
    return render_template("share_codes/facts.html", code=code, seen=seen, at=clock.now())


def shared_person() -> tuple[int, ...]:
    """Return whose record this answer shows by a code: nobody's where it was refused."""
    return cast("tuple[int, ...]", g.get("shared_person", ()))


def _why(refused: Refusal) -> str:
    return str(REFUSALS[refused.code]) % refused.facts


def _own(reference: str) -> ShareCode:
    found = own_code(db_session(), visitor().person_id, reference)
    if found is None:
        abort(404)
    return found
