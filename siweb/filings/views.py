"""The pages of filings: the list, one filing with check and receipt, what was declared of me."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import acting, acting_for, actor, signed_in, visitor
from siweb.documents.secret import document_secret
from siweb.filings.confirm_filing import confirm_filing
from siweb.filings.declared import answer_declaration, declared_about
from siweb.filings.filing import Filing, FilingKind
from siweb.filings.find_filing import find_filing, list_filings, rows_of
from siweb.filings.forms import ObjectForm
from siweb.filings.given_words import given_lines
from siweb.filings.words import KINDS, ROW_STATES, ROW_TONES, STATES, finding_text
from siweb.web.database import db_session

blueprint = Blueprint("filings", __name__)


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    """Give the templates the words of filings."""
    return {
        "filing_words": {
            "kinds": KINDS,
            "states": STATES,
            "row_states": ROW_STATES,
            "row_tones": ROW_TONES,
            "finding": finding_text,
            "lines": given_lines,
        }
    }


@blueprint.get("/employer/<uscc>/filings")
@acting_for("viewer")
def show_filings() -> str:
    typed, page = request.args.get("kind", ""), max(1, request.args.get("page", 1, type=int))
    kind = FilingKind(typed) if typed in set(FilingKind) else None
    found, has_more = list_filings(db_session(), acting().employer_id, kind=kind, page=page)
    return render_template(
        "filings/filings.html", filings=found, kind=kind, page=page, has_more=has_more
    )


@blueprint.get("/employer/<uscc>/filings/<reference>")
@acting_for("viewer")
def show_filing(reference: str) -> str:
    filing, receipt = _found(reference)
    rows = rows_of(db_session(), filing.id)
    return render_template("filings/filing.html", filing=filing, receipt=receipt, rows=rows)


@blueprint.post("/employer/<uscc>/filings/<reference>/confirm")
@acting_for("filer")
def confirm(reference: str) -> Response:
    filing, _receipt = _found(reference)
    session = db_session()
    done = confirm_filing(
        session,
        filing,
        actor=actor(),
        on=clock.today(),
        at=clock.now(),
        secret=document_secret(),
    )
    session.commit()
    if not done.is_first:
        flash(_("This was sent before; nothing was applied twice."))
    elif done.applied:
        flash(_("Sent and accepted. The receipt is below."))
    else:
        flash(_("Not accepted: the register has changed meanwhile. See below."))
    return redirect(url_for("filings.show_filing", reference=reference), 303)


@blueprint.get("/declared")
@signed_in
def show_declared() -> str:
    """Show what employers declared about me."""
    found = declared_about(db_session(), visitor().person_id)
    return render_template("filings/declared.html", declared=found)


@blueprint.post("/declared/<int:row_id>/agree")
@signed_in
def agree(row_id: int) -> Response:
    _answer(row_id, agrees=True)
    flash(_("Confirmed. Your employer sees it."))
    return redirect(url_for("filings.show_declared"), 303)


@blueprint.route("/declared/<int:row_id>/object", methods=["GET", "POST"])
@signed_in
def object_to(row_id: int) -> Any:
    form = ObjectForm()
    if request.method == "POST" and form.validate():
        _answer(row_id, agrees=False, words=form.words.data or "")
        flash(_("Your employer sees what you wrote. You can also call 12333."))
        return redirect(url_for("filings.show_declared"), 303)
    found = [
        one for one in declared_about(db_session(), visitor().person_id) if one.row_id == row_id
    ]
    if not found:
        abort(404)
    page = render_template("filings/object.html", one=found[0], form=form)
    return page if request.method == "GET" else (page, 422)


def _answer(row_id: int, *, agrees: bool, words: str = "") -> None:
    kept = answer_declaration(
        db_session(),
        visitor().person_id,
        row_id,
        agrees=agrees,
        words=words,
        actor=actor(),
        at=clock.now(),
    )
    if not kept:
        abort(404)
    db_session().commit()


def _found(reference: str) -> tuple[Filing, str | None]:
    found = find_filing(db_session(), acting().employer_id, reference)
    if found is None:
        abort(404)
    return found
