"""The pages of filings: the list, one filing with check and receipt, what was declared of me."""

from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import acting, acting_for, actor, signed_in, visitor
from siweb.documents.secret import document_secret
from siweb.filings.confirmation.confirm import SendingRefused, confirm_filing, refuse_to_send
from siweb.filings.declared.find import answer_declaration, declared_about
from siweb.filings.declared.forms import ObjectForm
from siweb.filings.drafts.answer_list import can_be_answered
from siweb.filings.drafts.correct_rows import Shown, rows_shown
from siweb.filings.drafts.import_sheet import codes_of, is_sent_later, request_sending
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.labels import FIELDS
from siweb.filings.find import (
    drafts_of,
    find_filing,
    job_under_way,
    list_filings,
    rows_of,
)
from siweb.filings.labels import (
    COUNTED,
    FINDINGS,
    KINDS,
    ROW_STATES,
    ROW_TONES,
    STATES,
    code_text,
    finding_text,
    refusal_text,
    sending_refusal_text,
)
from siweb.filings.row_labels import row_lines
from siweb.filings.sheets.labels import ANSWERED, notice_text
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import RowState
from siweb.filings.uploads.summary import bill_lines, roster_lines
from siweb.filings.withdrawal.withdraw import withdrawals_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.web.database import db_session
from siweb.web.forms.number_fields import ID_NUMBER_WORDS
from siweb.web.htmx import render_page, wants_piece
from siweb.web.language.formats import count
from siweb.web.language.labels import template_labels
from siweb.web.paging import page_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("filings", __name__)


# The templates name the states and kinds of filings.
template_labels(
    blueprint,
    filing_words={
        "kinds": KINDS,
        "states": STATES,
        "row_states": ROW_STATES,
        "row_tones": ROW_TONES,
        "finding": finding_text,
        "code": code_text,
        "fields": FIELDS,
        "lines": row_lines,
    },
)


@blueprint.get("/employer/<uscc>/filings")
@acting_for("viewer")
def show_filings() -> str:
    typed, page = request.args.get("kind", ""), page_asked()
    kind = FilingKind(typed) if typed in set(FilingKind) else None
    found, has_more = list_filings(db_session(), acting().employer_id, kind=kind, page=page)
    return render_template(
        "filings/filings.html", filings=found, kind=kind, page=page, has_more=has_more
    )


@blueprint.get("/employer/<uscc>/filings/<reference>")
@acting_for("viewer")
def show_filing(reference: str) -> Any:
    filing, receipt = _found(reference)
    if filing.origin != "form":
        return _list_page(filing, receipt)
    rows = rows_of(db_session(), filing.id)
    return render_template(
        "filings/filing.html",
        filing=filing,
        receipt=receipt,
        rows=rows,
        withdrawals=withdrawals_of(db_session(), filing),
    )


def _list_page(filing: Filing, receipt: str | None) -> Any:
    """Show a filing of many rows: how far it is while a job has it, then its rows."""
    session = db_session()
    shared: dict[str, Any] = {"filing": filing, "receipt": receipt}
    job = job_under_way(session, filing)
    if job is not None:
        piece, page = "filings/uploads/_progress.html", "filings/uploads/under_way.html"
        return render_page(page, piece, job=job, refresh=True, **shared)
    if wants_piece():
        answer = make_response("", 200)
        # The job is done: the piece that polls cannot become the list of rows,
        # so the page loads anew.
        answer.headers["HX-Refresh"] = "true"
        return answer
    shown = Shown(_state_asked(), request.args.get("code", "") if _code_asked() else "")
    page_number = page_asked()
    rows, has_more = rows_shown(session, filing.id, shown, page=page_number)
    return render_template(
        "filings/uploads/sheet.html",
        rows=rows,
        has_more=has_more,
        page=page_number,
        shown=shown,
        codes=codes_of(filing),
        drafts=drafts_of(session, filing),
        refusal=refusal_text(filing.refusal),
        is_question=(filing.refusal or {}).get("code") in ANSWERED,
        can_assign=can_be_answered(filing),
        changes=roster_lines(filing),
        bill=bill_lines(filing),
        notices=[notice_text(notice) for notice in filing.notices or []],
        withdrawals=withdrawals_of(session, filing),
        **shared,
    )


def _state_asked() -> RowState | None:
    typed = request.args.get("state", "")
    return RowState(typed) if typed in set(RowState) else None


def _code_asked() -> bool:
    code = request.args.get("code", "")
    return code in FINDINGS or code in COUNTED or code.removeprefix("id_") in ID_NUMBER_WORDS


@blueprint.post("/employer/<uscc>/filings/<reference>/confirm")
@acting_for("filer")
def confirm(reference: str) -> Response:
    filing, _receipt = _found(reference)
    session = db_session()
    if not filing.is_read:
        return redirect(url_for("filings.show_filing", reference=reference), 303)
    try:
        # Here and not by the job: whoever sends is still there to read it.
        refuse_to_send(session, filing)
    except SendingRefused as refused:
        flash(sending_refusal_text(refused))
        return redirect(url_for("filings.show_filing", reference=reference), 303)
    if is_sent_later(filing):
        request_sending(session, filing, actor=actor(), at=clock.now())
        session.commit()
        return redirect(url_for("filings.show_filing", reference=reference), 303)
    done = confirm_filing(
        session,
        filing,
        packs=packs_in_force(session),
        actor=actor(),
        on=clock.today(),
        at=clock.now(),
        secret=document_secret(),
    )
    session.commit()
    if done.applied and done.refused:
        flash(
            ngettext(
                "%(applied)s row accepted. Not accepted and kept as a draft: %(refused)s.",
                "%(applied)s rows accepted. Not accepted and kept as a draft: %(refused)s.",
                done.applied,
                applied=count(done.applied),
                refused=count(done.refused),
            )
        )
    elif not done.is_first:
        flash(_("This was sent before; nothing was applied twice."))
    elif done.applied:
        flash(_("Sent and accepted. The receipt is below."))
    else:
        flash(_("Not accepted: the register has changed meanwhile. See below."))
    return redirect(url_for("filings.show_filing", reference=reference), 303)


@blueprint.post("/declared/<int:filing_id>/<int:position>/agree")
@signed_in
def agree(filing_id: int, position: int) -> Response:
    _answer(filing_id, position, agrees=True)
    flash(_("Confirmed. Your employer sees it."))
    return redirect(url_for("filings.show_declared"), 303)


@blueprint.route("/declared/<int:filing_id>/<int:position>/object", methods=["GET", "POST"])
@signed_in
def object_to(filing_id: int, position: int) -> Any:
    form = ObjectForm()
    if request.method == "POST" and form.validate():
        _answer(filing_id, position, agrees=False, words=form.words.data or "")
        flash(_("Your employer sees what you wrote. You can also call 12333."))
        return redirect(url_for("filings.show_declared"), 303)
    found = [
        declaration
        for declaration in declared_about(db_session(), visitor().person_id)
        if (declaration.filing_id, declaration.position) == (filing_id, position)
        and not declaration.is_withdrawn
    ]
    if not found:
        abort(404)
    page = render_template("filings/object.html", one=found[0], form=form)
    return page if request.method == "GET" else (page, 422)


def _answer(filing_id: int, position: int, *, agrees: bool, words: str = "") -> None:
    kept = answer_declaration(
        db_session(),
        visitor().person_id,
        filing_id,
        position,
        agrees=agrees,
        words=words,
        actor=actor(),
        at=clock.now(),
    )
    if not kept:
        abort(404)
    db_session().commit()


def _found(reference: str) -> tuple[Filing, str | None]:
    found = read_once(find_filing, acting().employer_id, reference)
    if found is None:
        abort(404)
    return found
