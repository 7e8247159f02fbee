"""Keep what a filing is about to end or write over, so that withdrawing it puts that back."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from siweb.filings.tables.register_before import EmploymentBefore, EnrolmentBefore, PersonBefore
from siweb.registry.codes import Sex
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person

_ENROLMENT = (
    Enrolment.region_code,
    Enrolment.person_id,
    Enrolment.insurance,
    Enrolment.insuring_employer_id,
    Enrolment.from_month,
    Enrolment.sequence,
    Enrolment.scheme,
    Enrolment.employer_id,
)


def keep_enrolments(
    session: Session, row: Any, *which: ColumnElement[bool], is_gone: bool = False
) -> None:
    """Keep the open enrolments of rows' people that are about to end, or to go."""
    rows = select(row.filing_id, row.position, *_ENROLMENT, literal(is_gone)).where(
        Enrolment.person_id == row.person_id, Enrolment.to_month.is_(None), *which
    )
    names = ["filing_id", "position", *(column.key for column in _ENROLMENT), "is_gone"]
    session.execute(insert(EnrolmentBefore).from_select(names, rows, include_defaults=False))


def keep_employments(session: Session, row: Any, *which: ColumnElement[bool]) -> None:
    """Keep the employments that rows are about to write on."""
    columns = (Employment.hired_on, Employment.form, Employment.declared_name)
    rows = select(row.filing_id, row.position, Employment.id, *columns).where(*which)
    names = ["filing_id", "position", "employment_id", *(column.key for column in columns)]
    session.execute(insert(EmploymentBefore).from_select(names, rows, include_defaults=False))


def keep_people(session: Session, row: Any, *, with_category: bool = False) -> None:
    """Keep that people have no mobile number yet where rows give one, and a post that changes."""
    has_none = or_(Person.mobile.is_(None), Person.mobile == "")
    is_filled = and_(has_none, row.mobile.is_not(None))
    is_changed: Any = false()
    if with_category:
        is_changed = and_(Person.sex == Sex.FEMALE, row.retirement_category.is_not(None))
    rows = (
        select(
            row.filing_id,
            row.position,
            # A comparison with NULL is NULL, and the column takes none.
            func.coalesce(is_filled, false()),
            case((is_changed, Person.retirement_category)),
        )
        .join(Person, Person.id == row.person_id)
        .where(or_(is_filled, is_changed))
    )
    names = ["filing_id", "position", "had_no_mobile", "retirement_category"]
    session.execute(insert(PersonBefore).from_select(names, rows, include_defaults=False))
