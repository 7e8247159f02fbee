"""What home shows of a person's record: twelve months, the account by years, the months of pension.

All of it comes with one statement, as JSON where it is rows: home asks many subjects besides.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, case, exists, func, select

from siweb.db.codes import CODES
from siweb.db.types import Month
from siweb.ledgers.account.temporary import is_open_temporary
from siweb.ledgers.lookup import of_person
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.record.json_rows import json_rows
from siweb.ledgers.record.year import (
    EnrolmentSpan,
    first_open_month,
    mark_without_rows,
    state_of,
    state_of_one,
)
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.ledgers.tables.temporary_account import TemporaryAccount
from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from siweb.registry.codes import Insurance, RetirementCategory, Scheme
from siweb.registry.person_keys import is_of
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months, month_of

SHOWN_MONTHS = 12


class AccountGrowth(NamedTuple):
    """The account at the end of a year, in fen: what was put in so far, and the interest so far."""

    year: int
    principal_fen: int
    interest_fen: int

    @property
    def balance_fen(self) -> int:
        """Return what is in it."""
        return self.principal_fen + self.interest_fen


class Overview(NamedTuple):
    """A person's record in short; `marks` are the last twelve months of each insurance."""

    born_on: date
    category: RetirementCategory
    region_code: str
    months: tuple[str, ...]
    marks: dict[Insurance, tuple[MarkState, ...]]
    schemes: frozenset[Scheme]
    account: tuple[AccountGrowth, ...]
    # Months of pension paid here, by law counted as paid, and moved here from elsewhere or away.
    paid_months: int
    deemed_months: int
    moved_months: int
    # Whether there ever was a record, an enrolment or an entry in the account.
    has_anything: bool
    # Of a temporary account the province, by its two digits, in which the pension relation stays:
    # there the months are counted, and there a pension is decided. None of an ordinary one.
    relation_stays_in: str | None

    @property
    def counted_months(self) -> int:
        """Return the months that count for a pension."""
        # Months that went along may be more than were paid here:
        # that is none left, not fewer than none.
        return max(0, self.paid_months + self.deemed_months + self.moved_months)


_INSURANCES = {CODES["insurance"][insurance.value]: insurance for insurance in Insurance}
_SCHEMES = {CODES["scheme"][scheme.value]: scheme for scheme in Scheme}
_KINDS = {CODES["record_kind"][kind.value]: kind for kind in RecordKind}
_MONTHS = [f"shown_{number}_th" for number in range(SHOWN_MONTHS)]
_INTEREST = (EntryKind.INTEREST, EntryKind.PROVISIONAL_INTEREST)
_person_id: Any = bindparam("person_id")
_record, _enrolment = ContributionRecord.__table__.c, Enrolment.__table__.c
_RECENT = (
    select(
        json_rows(
            _record.insurance,
            _record.contribution_month,
            _record.kind,
            _record.paid_on.is_not(None),
            _record.base_fen,
            _record.employer_fen,
            _record.employee_fen,
        )
    )
    .where(
        of_person(
            _person_id,
            [bindparam(name, type_=Month()) for name in _MONTHS],
        ),
        is_issued(),
    )
    .scalar_subquery()
)
_ENROLMENTS = (
    select(
        json_rows(
            _enrolment.insurance, _enrolment.scheme, _enrolment.from_month, _enrolment.to_month
        )
    )
    .where(is_of(_enrolment.person_id, _person_id))
    .scalar_subquery()
)
_BY_YEAR = (
    select(
        AccountEntry.year,
        func.sum(case((AccountEntry.kind.in_(_INTEREST), 0), else_=AccountEntry.amount_fen)).label(
            "principal"
        ),
        func.sum(case((AccountEntry.kind.in_(_INTEREST), AccountEntry.amount_fen), else_=0)).label(
            "interest"
        ),
    )
    .where(is_of(AccountEntry.person_id, _person_id))
    .group_by(AccountEntry.year)
    .subquery()
)
_ACCOUNT = select(
    json_rows(_BY_YEAR.c.year, _BY_YEAR.c.principal, _BY_YEAR.c.interest)
).scalar_subquery()
# A month counts when what is recorded adds up to a base and nothing of it is open.
_OPEN = case(
    (
        ContributionRecord.paid_on.is_(None),
        ContributionRecord.employer_fen + ContributionRecord.employee_fen,
    ),
    else_=0,
)
# One for both: it may bring a list of months of its own into the statement.
_OF_PERSON = of_person(_person_id)
_PENSION_MONTHS = (
    select(ContributionRecord.contribution_month)
    .where(
        _OF_PERSON,
        ContributionRecord.insurance == Insurance.PENSION,
        is_issued(),
    )
    .group_by(ContributionRecord.contribution_month)
    # Below zero is open what was taken back and not settled yet: that is no debt.
    .having(func.sum(ContributionRecord.base_fen) > 0, func.sum(_OPEN) <= 0)
    .subquery()
)
_PAID = select(func.count()).select_from(_PENSION_MONTHS).scalar_subquery()
# By any month of any insurance, however old and whether paid or not: a debt is a record as well.
_HAS_RECORD = exists().where(_OF_PERSON, is_issued())
_MOVED = (
    select(
        func.sum(
            case(
                (TransferSegment.direction == Direction.IN, TransferSegment.months),
                else_=-TransferSegment.months,
            )
        )
    )
    .where(is_of(TransferSegment.person_id, _person_id))
    .scalar_subquery()
)
# One in a former region says nothing of the account in this one.
_STAYS_IN = (
    select(TemporaryAccount.household)
    .where(
        *is_open_temporary(_person_id),
        TemporaryAccount.region_code == Person.region_code,
    )
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
_OVERVIEW = select(
    Person.born_on,
    Person.retirement_category,
    Person.region_code,
    Person.deemed_months,
    _RECENT,
    _ENROLMENTS,
    _ACCOUNT,
    _PAID,
    _MOVED,
    _STAYS_IN,
    _HAS_RECORD,
).where(Person.id == _person_id)


def load_overview(connection: Connection, person_id: int, *, on: date) -> Overview:
    """Return a person's record in short, as it stands on a day; one statement."""
    months = _last_months(month_of(on))
    asked = dict(zip(_MONTHS, months, strict=True))
    row = connection.execute(_OVERVIEW, {"person_id": person_id, **asked}).one()
    born_on, category, region_code, deemed, *found, stays_in, has_record = row
    recent, enrolments, account, paid, moved = found
    spans = [_span(enrolment) for enrolment in enrolments or ()]
    return Overview(
        born_on,
        category,
        region_code,
        months,
        _marks(recent or (), spans, months),
        frozenset(
            span.scheme for span in spans if not span.to_month or span.to_month >= months[-1]
        ),
        _growth(account or ()),
        int(paid),
        deemed,
        int(moved or 0),
        bool(spans or account or has_record),
        stays_in,
    )


@lru_cache(maxsize=4)
def _last_months(this_month: str) -> tuple[str, ...]:
    return tuple(add_months(this_month, back - SHOWN_MONTHS + 1) for back in range(SHOWN_MONTHS))


def _written(number: int) -> str:
    return f"{number // 100:04}-{number % 100:02}"


def _span(row: Sequence[Any]) -> EnrolmentSpan:
    insurance, scheme, first, last = row
    until = None if last is None else _written(last)
    return EnrolmentSpan(_INSURANCES[insurance], _SCHEMES[scheme], "", "", _written(first), until)


def _marks(
    rows: Sequence[Sequence[Any]], spans: Sequence[EnrolmentSpan], months: Sequence[str]
) -> dict[Insurance, tuple[MarkState, ...]]:
    found: dict[tuple[Insurance, str], list[Sequence[Any]]] = {}
    for row in rows:
        found.setdefault((_INSURANCES[row[0]], _written(row[1])), []).append(row)
    open_from = first_open_month(months[-1], (month for _, month in found))
    marks = {}
    for insurance in Insurance:
        own = [span for span in spans if span.insurance is insurance]
        marks[insurance] = tuple(
            _state(found[insurance, month])
            if (insurance, month) in found
            else mark_without_rows(own, month, open_from).state
            for month in months
        )
    return marks


def _state(rows: Sequence[Sequence[Any]]) -> MarkState:
    if len(rows) == 1:
        return state_of_one(_KINDS[rows[0][2]], bool(rows[0][3]))
    base, employer, employee = (sum(row[place] for row in rows) for place in (4, 5, 6))
    unpaid = sum(row[5] + row[6] for row in rows if not row[3])
    return state_of(
        [(_KINDS[row[2]], bool(row[3])) for row in rows], base, employer, employee, unpaid
    )


def _growth(rows: Iterable[Any]) -> tuple[AccountGrowth, ...]:
    """Return the account at the end of each year with an entry, the oldest first."""
    grown, principal, interest = [], 0, 0
    for year, more, earned in sorted(map(tuple, rows)):
        principal, interest = principal + int(more), interest + int(earned)
        grown.append(AccountGrowth(int(year), principal, interest))
    return tuple(grown)
