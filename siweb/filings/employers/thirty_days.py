"""The 30-day clock: every hire whose registration is open, by its last day (SIL 58)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.filings.employers.roster import is_waiting
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.rules.calendar.deadlines import Period, compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.calendar.working_days import WorkingCalendar
from siweb.rules.parameters.pack_set import PackSet

SHOWN = 20


@dataclass(frozen=True, slots=True)
class OpenHire:
    """A hire that was announced but is not registered yet."""

    employment_id: int
    name: str
    id_number: str
    hired_on: date
    last_day: date
    days_left: int
    # The end of the period falls into a year without a holiday table: weekends alone were counted.
    is_uncertain: bool

    @property
    def is_late(self) -> bool:
        """Return whether the last day is over."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class OpenHires:
    """The hires with the nearest last days, and how many there are."""

    hires: list[OpenHire]
    count: int
    period: Period


def open_hires(
    session: Session, employer_id: int, region_code: str, packs: PackSet, *, on: date
) -> OpenHires:
    """Return the open hires of an employer, the nearest last day first; one statement."""
    period = packs.parameters(region_code, month_of(on)).period("employee_registration")
    calendar = packs.calendar(as_of=on)
    rows = session.execute(
        select(
            Employment.id,
            Person.name,
            PersonIdentity.number.label("id_number"),
            Employment.hired_on,
            func.count().over().label("all_of_them"),
        )
        .join(Person, Person.id == Employment.person_id)
        .join(PersonIdentity, PersonIdentity.person_id == Employment.person_id)
        .where(Employment.employer_id == employer_id, is_waiting())
        # The earliest hire has the earliest last day: no deadline need be worked out to sort by it.
        .order_by(Employment.hired_on, Employment.id)
        .limit(SHOWN)
    ).all()
    hires = [
        _open_hire(row.id, row.name, row.id_number, row.hired_on, period, calendar, on)
        for row in rows
    ]
    return OpenHires(hires, rows[0].all_of_them if rows else 0, period)


def _open_hire(
    employment_id: int,
    name: str,
    id_number: str,
    hired_on: date,
    period: Period,
    calendar: WorkingCalendar,
    on: date,
) -> OpenHire:
    deadline = compute_deadline(hired_on, period, calendar)
    # To the day that counts: a last day on a holiday moves to the next working day.
    left = (deadline.moved_to - on).days
    uncertain = bool(deadline.unknown_years)
    return OpenHire(employment_id, name, id_number, hired_on, deadline.moved_to, left, uncertain)
