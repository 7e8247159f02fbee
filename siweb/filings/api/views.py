"""What programs ask: each address under a scope of the token, each answer JSON."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.access import bearer, public, token_bearer
from siweb.auth.api_tokens import Bearer, note_use
from siweb.auth.office_tokens import OfficeBearer
from siweb.documents.secret import document_secret
from siweb.documents.tables.document import Document
from siweb.documents.views import paper_answer
from siweb.files.kept_file import FileKind
from siweb.filings.api.idempotency import Answer, answer_once
from siweb.filings.api.list_query import read_list_query
from siweb.filings.api.operations import MOST_POSITION, OPERATIONS, openapi
from siweb.filings.api.read_body import (
    read_filing,
    read_row,
    read_withdrawal,
    refuse_wrong,
)
from siweb.filings.api.responses import (
    filing_answers,
    filings_page,
    row_answer,
    rows_page,
    totals_answer,
)
from siweb.filings.api.schemas import all_schemas
from siweb.filings.confirmation.confirm import SendingRefused, confirm_filing, refuse_to_send
from siweb.filings.drafts import keep
from siweb.filings.drafts.correct_rows import find_row, replace_row
from siweb.filings.drafts.import_sheet import (
    is_sent_later,
    open_sheet,
    request_reading,
    request_sending,
)
from siweb.filings.drafts.open import (
    add_rows,
    filing_terms,
    lock_draft,
    note_totals,
    open_filing,
)
from siweb.filings.drafts.revalidate import revalidate_refused
from siweb.filings.employers.roster import RosterFilter, load_roster
from siweb.filings.fields.values import list_defaults, row_defaults
from siweb.filings.find import find_filing
from siweb.filings.labels import sending_refusal_text
from siweb.filings.tables.api_answer import hash_of
from siweb.filings.tables.filing import Filing
from siweb.filings.validation.validate_rows import ReadRow
from siweb.filings.withdrawal.labels import REFUSALS
from siweb.filings.withdrawal.portions import begin_withdrawing, is_withdrawn_later
from siweb.filings.withdrawal.withdraw import WithdrawalRefused, withdraw
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.settings import Settings
from siweb.web.database import db_session, note
from siweb.web.failures.problems import ApiProblem
from siweb.web.file_store import file_store

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
# Counting on to a page costs by its number: who asks for more is not reading.
_LAST_PAGE = 100_000


@blueprint.after_request
def note_token(answer: Response) -> Response:
    """Note that the token was used; every few minutes, not each time."""
    found: Bearer | OfficeBearer | None = g.get("bearer")
    if found is not None and found.is_to_note:
        # On SQLite a refused request would otherwise still hold what this has to write to.
        db_session().rollback()
        note(lambda session: note_use(session, found.token_id, at=clock.now()))
    return answer


@blueprint.get("")
@public
def show_document() -> str:
    """Show people what programs can do."""
    return render_template(
        "filings/api/document.html", operations=OPERATIONS, schemas=all_schemas()
    )


@blueprint.get("/openapi.json")
@public
def show_openapi() -> Response:
    return jsonify(openapi(url_for("api.show_document")))


@blueprint.post("/filings")
@bearer("file")
def file() -> Response:
    """Open a filing with rows, checked."""

    def do(session: Session) -> Answer:
        at, on, packs = clock.now(), clock.today(), packs_in_force(session)
        kind, rows = read_filing(
            request.get_data(),
            request.mimetype,
            lambda chosen: row_defaults(chosen, _parameters(packs), on),
        )
        filing = open_filing(
            session,
            token_bearer().acting.employer_id,
            kind,
            origin="api",
            actor=token_bearer().as_actor(),
            at=at,
        )
        add_rows(session, filing, rows, packs=packs, on=on)
        note_totals(session, filing, packs=packs, on=on)
        return 201, filing_answers(session, [filing])[0]

    return once(do)


@blueprint.post("/filings/file")
@bearer("file")
def file_sheet() -> Response:
    """Take a sheet; it is read and checked in the background."""

    def do(session: Session) -> Answer:
        asked, packs = read_list_query(request.args), packs_in_force(session)
        content, at = BytesIO(request.get_data()), clock.now()
        if not content.getbuffer().nbytes:
            raise ApiProblem(422, "empty", _("The file is empty."))
        digest = file_store().keep(session, FileKind.SHEET, content, at=at)
        filing, is_new = open_sheet(
            session,
            token_bearer().acting.employer_id,
            asked.kind,
            content=digest,
            # A program gives no name: the same content is called the same.
            file_name=f"{digest[:12]}.sheet",
            defaults=list_defaults(asked.kind, _parameters(packs), clock.today()) | asked.values,
            sheet=asked.sheet,
            actor=token_bearer().as_actor(),
            at=at,
        )
        # The same sheet again while it is unread: its job may have failed, and is asked for anew.
        if is_new or not filing.is_read:
            request_reading(session, filing, actor=token_bearer().as_actor(), at=at)
        return 202, filing_answers(session, [filing])[0]

    return once(do)


@blueprint.get("/filings")
@bearer("read")
def list_filings() -> Response:
    session, page = db_session(), _page()
    found, has_more = filings_page(session, token_bearer().acting.employer_id, page)
    return _paged(filing_answers(session, found), page, has_more=has_more)


@blueprint.get("/filings/<reference>")
@bearer("read")
def show_filing(reference: str) -> Response:
    session = db_session()
    return jsonify(filing_answers(session, [_filing(session, reference)])[0])


@blueprint.get("/filings/<reference>/rows")
@bearer("read")
def list_rows(reference: str) -> Response:
    session, page = db_session(), _page()
    filing = _filing(session, reference)
    found, has_more = rows_page(session, filing.id, page)
    return _paged([row_answer(row) for row in found], page, has_more=has_more)


@blueprint.put("/filings/<reference>/rows/<int:position>")
@bearer("file")
def correct_row(reference: str, position: int) -> Response:
    """Replace a row of a draft by one that is right."""

    def do(session: Session) -> Answer:
        filing = _filing(session, reference)
        row = find_row(session, filing, position) if position <= MOST_POSITION else None
        if row is None or not lock_draft(session, filing, row):
            raise ApiProblem(404, "not_found", _("There is no such row that may be corrected."))
        on, packs = clock.today(), packs_in_force(session)
        defaults = row_defaults(filing.kind, _parameters(packs), on)
        values = read_row(filing.kind, request.get_data(), request.mimetype, defaults)
        sent = ReadRow(position, values)
        terms = filing_terms(session, filing, packs, on)
        found = replace_row(session, filing, row, sent, terms)
        # A name that was tried counts, though nothing else is kept of a refused row.
        session.commit()
        refuse_wrong(position, found)
        return 200, row_answer(row)

    return once(do)


@blueprint.post("/filings/<reference>/check")
@bearer("file")
def check(reference: str) -> Response:
    """Check again what was not accepted of a draft."""

    def do(session: Session) -> Answer:
        filing = _filing(session, reference)
        revalidate_refused(session, filing, packs=packs_in_force(session), on=clock.today())
        return 200, filing_answers(session, [filing])[0]

    return once(do)


@blueprint.get("/filings/<reference>/totals")
@bearer("read")
def show_totals(reference: str) -> Response:
    session = db_session()
    packs = packs_in_force(session)
    filing = _filing(session, reference)
    return jsonify(totals_answer(session, filing, packs=packs, on=clock.today()))


@blueprint.get("/filings/<reference>/receipt.pdf")
@bearer("read")
def show_receipt(reference: str) -> Any:
    session = db_session()
    filing = _filing(session, reference)
    if filing.document_id is None:
        raise ApiProblem(404, "not_found", _("Nothing in this filing was accepted yet."))
    return paper_answer(session.get_one(Document, filing.document_id))


@blueprint.post("/filings/<reference>/confirm")
@bearer("confirm")
def confirm(reference: str) -> Response:
    """Send a filing; sent before, it stays as it is. A long one is applied in the background."""

    def do(session: Session) -> Answer:
        filing, actor, at = _filing(session, reference), token_bearer().as_actor(), clock.now()
        try:
            if is_sent_later(filing):
                refuse_to_send(session, filing)
                request_sending(session, filing, actor=actor, at=at)
            else:
                confirm_filing(
                    session,
                    filing,
                    packs=packs_in_force(session),
                    actor=actor,
                    on=clock.today(),
                    at=at,
                    secret=document_secret(),
                )
        except SendingRefused as refused:
            raise ApiProblem(409, refused.code, sending_refusal_text(refused)) from None
        return 200, filing_answers(session, [filing])[0]

    return once(do)


@blueprint.post("/filings/<reference>/withdraw")
@bearer("confirm")
def withdraw_filing(reference: str) -> Response:
    """Withdraw a filing that was sent, or rows of it; withdrawn before, it stays as it is.

    A long one is withdrawn in the background.
    """

    def do(session: Session) -> Answer:
        filing = _filing(session, reference)
        positions, reason = read_withdrawal(request.get_data(), request.mimetype)
        actor, at = token_bearer().as_actor(), clock.now()
        try:
            if positions is None and is_withdrawn_later(session, filing):
                begin_withdrawing(
                    session, filing, reason=reason, is_replaced=False, actor=actor, at=at
                )
            else:
                withdraw(session, filing, positions, reason=reason, actor=actor, at=at)
        except WithdrawalRefused as refused:
            raise ApiProblem(409, str(refused.code), str(REFUSALS[refused.code])) from None
        return 200, filing_answers(session, [filing])[0]

    return once(do)


@blueprint.post("/filings/<reference>/delete")
@bearer("file")
def delete_draft(reference: str) -> Response:
    """Delete a draft."""

    def do(session: Session) -> Answer:
        filing = _filing(session, reference)
        actor, at = token_bearer().as_actor(), clock.now()
        if not keep.delete_draft(session, filing, actor=actor, at=at):
            raise ApiProblem(409, "no_draft", _("Only a draft is deleted; withdraw what was sent."))
        return 200, {"reference": reference, "deleted": True}

    return once(do)


@blueprint.get("/roster")
@bearer("read")
def list_employees() -> Response:
    page = _page()
    shown = RosterFilter(page=page)
    roster = load_roster(db_session(), token_bearer().acting.employer_id, shown)
    rows = [
        {
            "id_number": row.id_number,
            "name": row.name,
            "hired_on": _iso(row.hired_on),
            "ended_on": _iso(row.ended_on),
            "state": row.state.value,
        }
        for row in roster.rows
    ]
    return _paged(rows, page, has_more=page < roster.pages)


def once(do: Callable[[Session], Answer]) -> Response:
    """Do something under the request's key: asked again, it is answered and not done again."""
    session = db_session()
    status, body = answer_once(
        session,
        token_bearer().token_id,
        request.headers.get("Idempotency-Key", ""),
        hash_of(request.method, request.full_path, request.get_data()),
        do,
        at=clock.now(),
    )
    session.commit()
    answer = jsonify(body)
    answer.status_code = status
    return answer


def _parameters(packs: PackSet) -> ParameterSet:
    """Return what counts today where the employer is."""
    region = token_bearer().acting.region_code
    return packs.parameters(region, month_of(clock.today()))


def _settings() -> Settings:
    return cast("Settings", current_app.extensions["siweb_settings"])


def _filing(session: Session, reference: str) -> Filing:
    found = find_filing(session, token_bearer().acting.employer_id, reference)
    if found is None:
        raise ApiProblem(404, "not_found", _("This employer has no such filing."))
    return found[0]


def _page() -> int:
    typed = request.args.get("page", "1")
    if not (typed.isascii() and typed.isdigit() and 1 <= len(typed) <= 6):  # noqa: PLR2004
        raise ApiProblem(422, "page", _("A page is a number from 1 on."))
    page = int(typed)
    if not 1 <= page <= _LAST_PAGE:
        raise ApiProblem(422, "page", _("A page is a number from 1 on."))
    return page


def _paged(items: list[dict[str, Any]], page: int, *, has_more: bool) -> Response:
    return jsonify({"items": items, "page": page, "has_more": has_more})


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
