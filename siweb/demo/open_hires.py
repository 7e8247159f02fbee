"""People who were hired but are not registered yet, for the 30-day clock."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from siweb.demo.people import make_person
from siweb.demo.plan import Kind, Plan
from siweb.registry.insert_people import insert_people
from siweb.registry.tables.employment import Employment

# Days since the hire: one is fresh, one nearly due, one late.
HIRED_BEFORE = (4, 26, 41)


def make_open_hires(
    session: Session, plan: Plan, employers: list[dict[str, Any]], first_id: int, at: datetime
) -> None:
    """Hire three more people at each of these employers; their numbers follow everybody's."""
    number = plan.people
    for employer in employers:
        for days in HIRED_BEFORE:
            # Who is made by a number lives in the region of that number.
            while (
                make_person(plan, number, Kind.EMPLOYEE, first_id, at).row["region_code"]
                != employer["region_code"]
            ):
                number += 1
            person = make_person(plan, number, Kind.EMPLOYEE, first_id, at)
            insert_people(session, [person.row])
            session.execute(
                insert(Employment.__table__),  # type: ignore[arg-type]
                {
                    "person_id": person.row["id"],
                    "employer_id": employer["id"],
                    "hired_on": plan.on - timedelta(days=days),
                    "form": "full_time",
                    "registered_at": at,
                },
            )
            number += 1
