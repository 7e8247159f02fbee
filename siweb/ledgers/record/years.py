"""The years in which a person has something in the record or the account."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from siweb.db.types import year_of
from siweb.ledgers.lookup import of_person
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.record.year import EnrolmentSpan, load_enrolments
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of


class YearLine(NamedTuple):
    """One year in fen: months of pension and own shares that were paid, and all that was not."""

    year: int
    pension_months: int
    own_paid_fen: int
    unpaid_fen: int


_SHARES = ContributionRecord.employer_fen + ContributionRecord.employee_fen
# A month counts when what is recorded adds up to a base and nothing of it is open.
_MONTHS = (
    select(
        year_of(ContributionRecord.contribution_month).label("year"),
        ContributionRecord.insurance,
        func.sum(ContributionRecord.base_fen).label("base"),
        func.sum(
            case(
                (ContributionRecord.paid_on.is_not(None), ContributionRecord.employee_fen), else_=0
            )
        ).label("own_paid"),
        func.sum(case((ContributionRecord.paid_on.is_(None), _SHARES), else_=0)).label("unpaid"),
    )
    .where(of_person(bindparam("person_id")), is_issued())
    .group_by(ContributionRecord.contribution_month, ContributionRecord.insurance)
    .subquery()
)
_PAID = (_MONTHS.c.insurance == Insurance.PENSION) & (_MONTHS.c.base > 0)
_YEARS = select(
    _MONTHS.c.year,
    func.sum(case((_PAID & (_MONTHS.c.unpaid <= 0), 1), else_=0)),
    func.sum(_MONTHS.c.own_paid),
    func.sum(case((_MONTHS.c.unpaid > 0, _MONTHS.c.unpaid), else_=0)),
).group_by(_MONTHS.c.year)
_ACCOUNT_YEARS = (
    select(AccountEntry.year)
    .where(is_of(AccountEntry.person_id, bindparam("person_id")))
    .distinct()
    .order_by(AccountEntry.year)
)


def load_years(session: Session, person_id: int, *, on: date) -> list[YearLine]:
    """Return the years with a record or an enrolment, the newest first; two statements."""
    found = {
        int(row[0]): YearLine(int(row[0]), *(int(value) for value in row[1:]))
        for row in session.execute(_YEARS, {"person_id": person_id})
    }
    for span in load_enrolments(session.connection(), person_id):
        for year in _years_of(span, on.year):
            found.setdefault(year, YearLine(year, 0, 0, 0))
    return sorted(found.values(), reverse=True)


def load_account_years(session: Session, person_id: int) -> list[int]:
    """Return the years with an entry in the individual account, the oldest first."""
    return list(session.scalars(_ACCOUNT_YEARS, {"person_id": person_id}))


def _years_of(span: EnrolmentSpan, this_year: int) -> range:
    last = int(span.to_month[:4]) if span.to_month else this_year
    return range(int(span.from_month[:4]), min(last, this_year) + 1)
