"""Find the records of a person or an employer, though records lie by region and month.

Region and month are named for every search: of a person each month is then one step into the key.
An employer's people are those whom the register ever enrolled with it, and those of whom records
say so that no month's own levy wrote.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import aliased

from siweb.db.among import among_found
from siweb.ledgers.tables.contribution_record import NOT_LEVIED, ContributionRecord
from siweb.registry.person_keys import keys_of
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.region import Region

# Months are numbers here: from 202412 to 202501 it is 89.
_LAST_OF_YEAR, _TO_NEXT_YEAR = 12, 89
_BOUND: Any = aliased(ContributionRecord, name="bound")
_NOT_LEVIED: Any = aliased(ContributionRecord, name="not_levied")


def of_person(
    person_id: Any, months: Iterable[Any] | None = None, record: Any = ContributionRecord
) -> ColumnElement[bool]:
    """Return the condition that a record is of a person, in any region; None is every month.

    A number or a parameter means all keys of the person, a column of the statement that one key.
    """
    month = record.contribution_month
    if not isinstance(person_id, int | BindParameter):
        return and_(
            in_any_region(record),
            month.in_(_every_month() if months is None else list(months)),
            record.person_id == person_id,
        )
    # All three as they are found: each month is a step into the key whatever PostgreSQL knows.
    return and_(
        among_found(record.region_code, _hosted()),
        among_found(month, _every_month()) if months is None else month.in_(list(months)),
        among_found(record.person_id, keys_of(person_id)),
    )


def in_any_region(record: Any = ContributionRecord) -> ColumnElement[bool]:
    """Return the condition that leads a search over all regions into the key."""
    found: ColumnElement[bool] = record.region_code.in_(_hosted())
    return found


def at_employer(
    employers: Any, months: Iterable[Any], region_code: Any = None
) -> ColumnElement[bool]:
    """Return the condition that a record is of an employer, or one of several, in some months."""
    record, of_months = ContributionRecord, list(months)
    people = _people_of(employers, of_months)
    # Of a column of the statement the people are others for each of its rows.
    is_given = isinstance(employers, int | Sequence)
    if region_code is not None:
        there = record.region_code == region_code
    else:
        there = among_found(record.region_code, _hosted()) if is_given else in_any_region()
    return and_(
        there,
        record.contribution_month.in_(of_months),
        among_found(record.person_id, people) if is_given else record.person_id.in_(people),
        _is_one_of(record.employer_id, employers),
    )


def of_payer(
    employer_id: int | None, person_id: int | None, months: Iterable[str], region_code: str
) -> ColumnElement[bool]:
    """Return the condition that a record is of an employer, or of a person who pays alone."""
    if employer_id is not None:
        return at_employer(employer_id, months, region_code)
    record = ContributionRecord
    return and_(
        record.region_code == region_code,
        record.contribution_month.in_(list(months)),
        record.person_id == person_id,
        record.employer_id.is_(None),
    )


def is_not_levied(record: str = "contribution_record") -> ColumnElement[bool]:
    """Return the condition that no month's own levy wrote a record; given the name of its table."""
    return text("(" + NOT_LEVIED.format(f"{record}.") + ")")  # type: ignore[return-value]


def twelve_months(january: str, *others: int) -> list[ColumnElement[Any]]:
    """Return the months of a year in SQL, given the name of a parameter: YYYY01, a number.

    Others are months beside the year, by what their number differs from its January's.
    """
    first, month = bindparam(january, type_=Integer()), ContributionRecord.contribution_month.type
    numbers = [first + literal_column(str(later), Integer()) for later in (*range(12), *others)]
    return [type_coerce(number, month) for number in numbers]


def _hosted() -> Select[Any]:
    return select(Region.code).where(Region.is_hosted)


def _people_of(employers: Any, months: Sequence[Any]) -> Any:
    enrolled = select(Enrolment.person_id).where(_is_one_of(Enrolment.employer_id, employers))
    recorded = select(_NOT_LEVIED.person_id).where(
        _is_one_of(_NOT_LEVIED.employer_id, employers),
        _NOT_LEVIED.contribution_month.in_(months),
        is_not_levied("not_levied"),
    )
    # The plan leads over the people into the key, since records do not lie by employer.
    return enrolled.union(recorded)


def _is_one_of(column: Any, employers: Any) -> Any:
    return column.in_(employers) if isinstance(employers, Sequence) else column == employers


def _every_month() -> Select[Any]:
    """Return the months from the first record of any region to the last, as numbers."""
    first, last = (_bound(function) for function in (func.min, func.max))
    start = select(type_coerce(first, Integer()).label("month"))
    months = start.cte("every_month", recursive=True)
    month = months.c.month
    later = month + case((month % 100 == _LAST_OF_YEAR, _TO_NEXT_YEAR), else_=1)
    months = months.union_all(select(later).where(month < type_coerce(last, Integer())))
    return select(type_coerce(months.c.month, ContributionRecord.contribution_month.type))


def _bound(function: Any) -> Any:
    """Return the first or last month: of each region one step into the key."""
    of_region = (
        select(function(_BOUND.contribution_month))
        .where(_BOUND.region_code == Region.code)
        .correlate(Region)
        .scalar_subquery()
    )
    regions = select(of_region.label("month")).where(Region.is_hosted).subquery()
    return select(function(regions.c.month)).scalar_subquery()
