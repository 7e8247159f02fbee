"""Confirm a filing: its good rows are applied in one transaction, once, and a receipt is given.

A long list on SQLite is applied in several (`portions.py`), which begin and end as here.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import String, case, cast, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import office_day
from siweb.db.types import UtcDateTime
from siweb.documents.issue import issue_document
from siweb.documents.payload import Words, for_employer, in_both_languages, receipt_payload
from siweb.documents.tables.document import DocumentKind
from siweb.filings.confirmation.apply import apply_rows
from siweb.filings.drafts.import_sheet import codes_of
from siweb.filings.drafts.open import filing_terms, note_totals, open_filing
from siweb.filings.drafts.revalidate import revalidate_stale
from siweb.filings.drafts.tell import tell_of_filing, tell_people
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.labels import KINDS, RECEIPT
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import KEY, FilingRow, RowState, row_fen, within
from siweb.filings.tables.hire_follow_up import HireFollowUp
from siweb.filings.validation.hire_duty import FOLLOWED_UP
from siweb.messages.kinds.filings import FILING_ACCEPTED, FILING_FINDINGS
from siweb.queue.portions import Positions
from siweb.registry.tables.employer import Employer
from siweb.rules.errors import Refusal
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.pack_set import PackSet

# Two lists with the same people may deadlock or collide; the third failure is no chance any more.
_ATTEMPTS = 3
# PostgreSQL's SQLSTATE deadlock_detected.
_DEADLOCK = "40P01"
_Done = TypeVar("_Done")


class Confirmed(NamedTuple):
    """What came of it; `is_first` is False when it was confirmed before."""

    applied: int
    refused: int
    is_first: bool


class SendingRefused(Refusal):
    """When a filing cannot be sent now: `code` is "not_read" or "provisional"."""


def refuse_to_send(session: Session, filing: Filing) -> None:
    """Refuse what may be prepared and not sent.

    :raises SendingRefused: while its sheet is read, and for hires of an employer that registered
        itself and that the agency has not looked at: anybody could make one up.
    """
    if not filing.is_read:
        raise SendingRefused("not_read")
    employer = session.get_one(Employer, filing.employer_id)
    is_open = filing.state is FilingState.DRAFT
    if is_open and filing.kind is FilingKind.HIRE and employer.is_provisional:
        raise SendingRefused("provisional", day=employer.review_due_on)


def confirm_filing(
    session: Session,
    filing: Filing,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    secret: str,
) -> Confirmed:
    """Apply the good rows of a draft; refused rows of a sheet become a draft of their own.

    Every row is checked again, since the register may have changed since the draft was made; when
    none is good any more the filing stays a draft. Twice is once.

    Of two filings with the same row, or two employers that hire one person, the second is
    validated anew when the database finds it.

    :raises SendingRefused: while the filing may not be sent.
    """
    refuse_to_send(session, filing)

    def confirm() -> Confirmed:
        return _confirm(session, filing, packs=packs, actor=actor, on=on, at=at, secret=secret)

    return again_after_races(session, confirm)


def again_after_races(session: Session, do: Callable[[], _Done]) -> _Done:
    """Do something in a savepoint; what another filing of the same people came before is redone."""
    for attempts_left in reversed(range(_ATTEMPTS)):
        try:
            with session.begin_nested():
                return do()
        except (IntegrityError, OperationalError) as error:
            # Unique keys, and rows that two filings lock in opposite order.
            if not attempts_left or not _is_race(error):
                raise
            session.expire_all()
    raise AssertionError


def _is_race(error: IntegrityError | OperationalError) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", "") == _DEADLOCK


def _confirm(
    session: Session,
    filing: Filing,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    secret: str,
) -> Confirmed:
    """Take the draft, check again what may have moved, apply what is good, say what came of it."""
    if not claim_to_apply(session, filing, actor, at, FilingState.CONFIRMED):
        return Confirmed(*_count(session, filing), is_first=False)
    terms = filing_terms(session, filing, packs, on)
    revalidate_stale(session, filing, terms)
    # Only what was checked just now: between the draft and this moment another list may have come.
    apply_rows(session, filing, terms.region_code, at=at)
    return finish_confirming(session, filing, packs=packs, actor=actor, on=on, at=at, secret=secret)


def finish_confirming(
    session: Session,
    filing: Filing,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    secret: str,
) -> Confirmed:
    """Give the receipt of what was applied, and leave behind what was not, as a new draft."""
    applied, refused = _count(session, filing)
    # Rows were applied past the session, so everything in memory is of before.
    session.expire_all()
    if not applied:
        _keep_open(session, filing, packs, on)
        return Confirmed(applied, refused, is_first=True)
    record_activity(
        session,
        "filing.confirmed",
        actor=actor,
        at=at,
        subject=("filing", filing.id),
        facts={"applied": applied, "refused": refused},
    )
    if filing.kind is FilingKind.HIRE:
        open_follow_ups(session, filing, at=at)
    _give_receipt(session, filing, (applied, refused), actor, at, secret)
    tell_of_filing(session, filing, FILING_ACCEPTED, at=at)
    tell_people(session, filing, at=at)
    # A form has one row, and its page shows what is wrong with it: there is nothing to split off.
    if refused and filing.origin != "form":
        rest = split_off_refused(session, filing, actor=actor, at=at)
        tell_of_filing(session, rest, FILING_FINDINGS, at=at)
    filing.totals = {"codes": {RowState.APPLIED.value: applied}}
    session.flush()
    return Confirmed(applied, refused, is_first=True)


def claim_to_apply(
    session: Session, filing: Filing, actor: Actor, at: datetime, state: FilingState
) -> bool:
    """Take a draft that nobody sent before: one statement decides between two who send it."""
    result = session.execute(
        update(Filing)
        .where(
            Filing.id == filing.id,
            Filing.state == FilingState.DRAFT,
            # Its list may be read anew since somebody looked.
            or_(Filing.origin != "sheet", Filing.read_at.is_not(None)),
        )
        .values(
            state=state,
            confirmed_at=at,
            confirmed_by_account_id=actor.account_id,
            keeps_before=True,
        )
    )
    session.refresh(filing)
    return bool(result.rowcount)  # type: ignore[attr-defined]


def keeps_rest(session: Session, filing: Filing) -> bool:
    """Return whether what was not accepted of a filing becomes a draft of its own."""
    # Of a form its filer still has the page; of a list without a good row all stays in the list.
    return filing.origin != "form" and _count(session, filing)[0] > 0


def _keep_open(session: Session, filing: Filing, packs: PackSet, on: date) -> None:
    """Nothing was accepted: the filing stays a draft, in which everything can be corrected."""
    filing.state = FilingState.DRAFT
    filing.confirmed_at = filing.confirmed_by_account_id = filing.applied_at = None
    filing.keeps_before = False
    if filing.origin != "form":
        note_totals(session, filing, packs=packs, on=on)
    session.flush()


def _count(session: Session, filing: Filing) -> tuple[int, int]:
    is_applied = FilingRow.state == RowState.APPLIED
    applied, rows = session.execute(
        select(func.coalesce(func.sum(case((is_applied, 1), else_=0)), 0), func.count()).where(
            FilingRow.filing_id == filing.id
        )
    ).one()
    rest = begun_rest(session, filing)
    # Portions of the list moved these away before.
    moved = codes_of(rest).get(RowState.REFUSED, 0) if rest is not None else 0
    return int(applied), int(rows - applied) + moved


def open_follow_ups(session: Session, filing: Filing, *, at: datetime) -> None:
    """Note the accepted rows of a filing that the desk follows up; one statement."""
    # By the text of the JSON: codes are words in quotation marks that occur nowhere else in it.
    findings = cast(FilingRow.findings, String)
    falls_short = or_(*(findings.contains(f'"{code.value}"') for code in FOLLOWED_UP))
    rows = select(*(getattr(FilingRow, name) for name in KEY), literal(at, UtcDateTime())).where(
        FilingRow.filing_id == filing.id, FilingRow.state == RowState.APPLIED, falls_short
    )
    session.execute(
        insert(HireFollowUp).from_select([*KEY, "opened_at"], rows, include_defaults=False)
    )


def split_off_refused(session: Session, filing: Filing, *, actor: Actor, at: datetime) -> Filing:
    """Move the refused rows of a filing that was sent into a new draft, and return it.

    With what portions of it were moved before, the draft is whole, and everybody finds it.
    """
    rest = split_off_portion(session, filing, None, actor=actor, at=at)
    rest.deleted_at = None
    session.flush()
    return rest


def split_off_portion(
    session: Session, filing: Filing, positions: Positions | None, *, actor: Actor, at: datetime
) -> Filing:
    """Move some of the refused rows of a filing into its rest, which stays hidden meanwhile.

    A draft with a part of the rows could be sent or deleted before the others come.
    """
    rest = begun_rest(session, filing) or _open_rest(session, filing, actor, at)
    refused = (
        FilingRow.filing_id == filing.id,
        FilingRow.state == RowState.REFUSED,
        within(positions),
    )
    findings = session.scalars(select(FilingRow.findings).where(*refused)).all()
    # Counted as they move: to count them all at the end would keep others waiting.
    codes = Counter(codes_of(rest))
    codes.update(found["code"] for of_row in findings for found in of_row)
    codes[RowState.REFUSED.value] += len(findings)
    rest.totals = {"codes": dict(codes)}
    session.execute(
        update(FilingRow)
        .where(*refused)
        # Moved with their places in the sheet: the returned list says the row that the filer has.
        .values(filing_id=rest.id)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return rest


def begun_rest(session: Session, filing: Filing) -> Filing | None:
    """Return the rest into which portions of a filing's refused rows have been moved so far."""
    return session.scalar(
        select(Filing).where(Filing.rest_of_id == filing.id, Filing.deleted_at.is_not(None))
    )


def _open_rest(session: Session, filing: Filing, actor: Actor, at: datetime) -> Filing:
    return open_filing(
        session,
        filing.employer_id,
        filing.kind,
        origin=filing.origin,
        actor=actor,
        at=at,
        rest_of_id=filing.id,
        file_name=filing.file_name,
        defaults=filing.defaults,
        read_at=filing.read_at,
        deleted_at=at,
    )


def _give_receipt(
    session: Session,
    filing: Filing,
    counts: tuple[int, int],
    actor: Actor,
    at: datetime,
    secret: str,
) -> None:
    assert actor.person_id is not None
    employer = session.get_one(Employer, filing.employer_id)
    payload = receipt_payload(
        name=employer.name,
        id_number=employer.uscc,
        matter=in_both_languages(KINDS[filing.kind]),
        outcome=in_both_languages(RECEIPT["accepted"]),
        outcome_code="accepted",
        # The day on which it was sent, however long it took.
        decided_on=office_day(filing.confirmed_at or at),
        facts=_receipt_facts(session, filing, *counts),
        next_steps=[in_both_languages(RECEIPT["next"])],
    )
    issued = issue_document(
        session,
        kind=DocumentKind.FILING_RECEIPT,
        subject=("filing", filing.id),
        person_id=actor.person_id,
        region_code=employer.region_code,
        payload=for_employer(payload, employer.uscc),
        secret=secret,
        at=at,
        actor=actor,
        employer_id=filing.employer_id,
    )
    filing.document_id = issued.document_id
    session.flush()


def _receipt_facts(
    session: Session, filing: Filing, applied: int, left: int
) -> list[tuple[Words, str]]:
    late, wages = session.execute(
        select(
            func.coalesce(func.sum(case((FilingRow.is_late, 1), else_=0)), 0),
            func.sum(row_fen("wage_fen")),
        ).where(FilingRow.filing_id == filing.id, FilingRow.state == RowState.APPLIED)
    ).one()
    facts = [
        (in_both_languages(RECEIPT["number"]), filing.reference),
        (in_both_languages(RECEIPT["rows"]), str(applied)),
        (in_both_languages(RECEIPT["late"]), str(late)),
    ]
    if wages is not None:
        facts.append((in_both_languages(RECEIPT["wages"]), yuan_from_fen(int(wages))))
    if left:
        facts.append((in_both_languages(RECEIPT["left"]), str(left)))
    return facts
