"""What an employer sees of one employee: the employment, what it enrolled and declared."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.filings.employers.roster import StaffState
from siweb.registry.person_keys import is_of
from siweb.registry.tables.declared_base import DeclaredBase, is_declared_by
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of

_SHOWN_BASES = 12


@dataclass(frozen=True, slots=True)
class Employee:
    """One employment; only this employer's enrolments and declarations, never another's."""

    employment: Employment
    person: Person
    enrolments: list[Enrolment]
    bases: list[DeclaredBase]

    @property
    def state(self) -> StaffState:
        """Return where the employment stands."""
        if self.employment.ended_on is not None:
            return StaffState.LEFT
        # As `roster._state` has it in SQL: the two are changed together.
        first = month_of(self.employment.hired_on)
        here = [
            enrolment
            for enrolment in self.enrolments
            if enrolment.to_month is None or enrolment.to_month >= first
        ]
        if not here:
            return StaffState.WAITING
        is_open = any(enrolment.to_month is None for enrolment in here)
        return StaffState.ENROLLED if is_open else StaffState.PAUSED


def load_employee(session: Session, employer_id: int, employment_id: int) -> Employee | None:
    """Return one employee of this employer, or None; three statements."""
    row = session.execute(
        select(Employment, Person)
        .join(Person, Person.id == Employment.person_id)
        .where(Employment.id == employment_id, Employment.employer_id == employer_id)
    ).first()
    if row is None:
        return None
    employment, person = row
    enrolments = session.scalars(
        select(Enrolment)
        .where(is_of(Enrolment.person_id, person.id), Enrolment.employer_id == employer_id)
        .order_by(
            Enrolment.from_month.desc(),
            Enrolment.insurance,
            Enrolment.sequence,
            Enrolment.region_code,
        )
    )
    bases = session.scalars(
        select(DeclaredBase)
        .where(
            is_of(DeclaredBase.person_id, person.id),
            is_declared_by(employer_id),
            DeclaredBase.withdrawn_at.is_(None),
        )
        .order_by(DeclaredBase.from_month.desc(), DeclaredBase.base_number.desc())
        .limit(_SHOWN_BASES)
    )
    return Employee(employment, person, list(enrolments), list(bases))
