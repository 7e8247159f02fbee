"""What the books have of a month besides its records: what was declared, billed, credited."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from siweb.clock import office_day
from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.bill import Bill, BillLine
from siweb.db.among import among
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.ledgers.record.month import RecordMonth, RecordRow
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment

# Of a person's bases the newest ones decide; nobody declares more often than this for a month.
_BASES = 24
# A case in one of these states keeps its month from being billed (`collection.levy`).
_ASSESSED = (AssessmentState.FOUND, AssessmentState.PROPOSED, AssessmentState.DECIDED)


class Base(NamedTuple):
    """A base that was declared for a month up to this one, in fen."""

    employer_id: int | None
    insurance: Insurance | None
    fen: int
    declared_at: datetime
    withdrawn_at: datetime | None

    @property
    def declared_on(self) -> date:
        """Return the day on which it was declared."""
        return office_day(self.declared_at)

    @property
    def withdrawn_on(self) -> date | None:
        """Return the day on which it was withdrawn, if it was."""
        return office_day(self.withdrawn_at) if self.withdrawn_at else None


class Billed(NamedTuple):
    """The line of a bill behind a record: what it owes as a whole, and until when."""

    due_on: date
    issued_on: date
    paid_fen: int
    total_fen: int
    deferred_until: date | None
    # Nobody is left to ask; the month stays unpaid, and nothing is credited (see the arrears).
    is_written_off: bool = False


class Credit(NamedTuple):
    """An entry of the account that is about a record of the month."""

    region_code: str
    insurance: Insurance
    insuring_employer_id: int
    sequence: int
    fen: int
    posted_on: date


BillKey = tuple[int | None, int | None, Insurance]


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found; the newest base comes first."""

    bases: Sequence[Base]
    bills: dict[BillKey, Billed]
    credits: Sequence[Credit]
    # When an employer sent something about the person that was not accepted, by employer.
    refused: dict[int, date] = field(default_factory=dict)
    is_assessed: bool = False


def load_facts(session: Session, person_id: int, month: str, record: RecordMonth) -> Facts:
    """Return what stands behind a month, in three statements; two where nothing is recorded."""
    rows = [row for line in record.lines for row in line.rows]
    bases = _bases(session, person_id, month)
    if rows:
        return Facts(bases, _bills(session, person_id, rows), _credits(session, person_id, month))
    # Nothing was billed: then the question is what kept it from being billed.
    refused, is_assessed = _not_billed(session, person_id, month)
    return Facts(bases, {}, (), refused, is_assessed)


def _bases(session: Session, person_id: int, month: str) -> list[Base]:
    found = session.execute(
        select(
            DeclaredBase.employer_id,
            DeclaredBase.insurance,
            DeclaredBase.declared_base_fen,
            DeclaredBase.declared_at,
            DeclaredBase.withdrawn_at,
        )
        .where(is_of(DeclaredBase.person_id, person_id), DeclaredBase.from_month <= month)
        # The order in which a levy finds the one that holds.
        .order_by(DeclaredBase.from_month.desc(), DeclaredBase.base_number.desc())
        .limit(_BASES)
    )
    return [Base(*row) for row in found]


def _bills(session: Session, person_id: int, rows: Sequence[RecordRow]) -> dict[BillKey, Billed]:
    runs = {row.levy_run_id for row in rows if row.levy_run_id is not None}
    employers = {row.employer_id for row in rows if row.employer_id is not None}
    found = session.execute(
        select(
            Bill.levy_run_id,
            Bill.employer_id,
            BillLine.insurance,
            Bill.due_on,
            Bill.issued_at,
            BillLine.paid_fen,
            BillLine.employer_fen + BillLine.employee_fen,
            Arrears.deferred_until,
            Arrears.state,
        )
        .join(BillLine, BillLine.bill_id == Bill.id)
        .outerjoin(Arrears, Arrears.bill_id == Bill.id)
        .where(
            among(Bill.levy_run_id, sorted(runs)),
            or_(among(Bill.employer_id, sorted(employers)), is_of(Bill.person_id, person_id)),
        )
    )
    return {
        (run, employer, insurance): Billed(
            due_on,
            office_day(issued_at),
            paid,
            total,
            deferred,
            is_written_off=state is ArrearsState.WRITTEN_OFF,
        )
        for run, employer, insurance, due_on, issued_at, paid, total, deferred, state in found
        # Of a run under way nobody reads a bill yet.
        if issued_at is not None
    }


def _credits(session: Session, person_id: int, month: str) -> list[Credit]:
    entry = AccountEntry
    found = session.execute(
        select(
            entry.region_code,
            entry.record_insurance,
            entry.record_employer_id,
            entry.record_sequence,
            entry.amount_fen,
            entry.posted_on,
        )
        .where(
            is_of(entry.person_id, person_id),
            entry.contribution_month == month,
            entry.record_sequence.is_not(None),
        )
        .order_by(entry.posted_on)
    )
    return [Credit._make(row) for row in found]


def _not_billed(session: Session, person_id: int, month: str) -> tuple[dict[int, date], bool]:
    """Return what was refused, and whether the month is being assessed; one statement.

    A refused row of a list that was sent lies in a draft of its own, opened when it was sent; a
    draft that nobody sent is the employer's affair and is not told.
    """
    insured_by = select(Enrolment.employer_id).where(
        is_of(Enrolment.person_id, person_id),
        Enrolment.employer_id.is_not(None),
        Enrolment.from_month <= month,
        or_(Enrolment.to_month.is_(None), Enrolment.to_month >= month),
    )
    assessed = (
        select(Assessment.id)
        .where(
            Assessment.employer_id.in_(insured_by),
            Assessment.from_month <= month,
            Assessment.to_month >= month,
            Assessment.state.in_(_ASSESSED),
            or_(Assessment.kind == AssessmentKind.UNDECLARED, _is_about(person_id)),
        )
        .exists()
    )
    refused = (
        select(Filing.employer_id, Filing.opened_at)
        .join(FilingRow, FilingRow.filing_id == Filing.id)
        .where(
            is_of(FilingRow.person_id, person_id),
            FilingRow.state == RowState.REFUSED,
            Filing.rest_of_id.is_not(None),
            Filing.deleted_at.is_(None),
            Filing.employer_id.in_(insured_by),
        )
        .subquery("refused")
    )
    nothing: Any = select(assessed.label("is_assessed")).subquery("assessed")
    found = session.execute(
        select(nothing.c.is_assessed, refused.c.employer_id, refused.c.opened_at)
        .select_from(nothing)
        # Beside the row that is always there:
        # whether it is assessed is told though nothing was refused.
        .outerjoin(refused, and_(True))
        .order_by(refused.c.opened_at)
    ).all()
    # In the order of their days: the latest of an employer stays.
    days = {employer: office_day(at) for _, employer, at in found if employer is not None}
    return days, bool(found[0][0])


def _is_about(person_id: int) -> Any:
    return and_(
        Assessment.kind == AssessmentKind.UNREGISTERED, is_of(Assessment.person_id, person_id)
    )
