"""Find applications for a pension: a person's own, and those that wait at the desk."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.pensions.tables.pension_application import ApplicationState, PensionApplication
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person

_OWN = 20


class FoundApplication(NamedTuple):
    """An application with its applicant."""

    application: PensionApplication
    person: Person


def own_applications(session: Session, person_id: int) -> Sequence[PensionApplication]:
    """Return a person's applications, the newest first."""
    return session.scalars(
        select(PensionApplication)
        .where(is_of(PensionApplication.person_id, person_id))
        .order_by(PensionApplication.applied_at.desc(), PensionApplication.id.desc())
        .limit(_OWN)
    ).all()


def own_application(session: Session, person_id: int, reference: str) -> PensionApplication | None:
    """Return a person's application; None for others'."""
    return session.scalar(
        select(PensionApplication).where(
            PensionApplication.reference == reference,
            is_of(PensionApplication.person_id, person_id),
        )
    )


def find_application(session: Session, reference: str) -> FoundApplication | None:
    """Return an application by its number."""
    row = session.execute(_all().where(PensionApplication.reference == reference)).first()
    return None if row is None else FoundApplication(*row)


def count_waiting_applications(_on: date, scope: Scope) -> Select[int]:
    """Return the statement that counts what waits for a decision."""
    return select(func.count(PensionApplication.id)).where(
        _is_waiting(), scope.has(PensionApplication.region_code)
    )


def _is_waiting() -> ColumnElement[bool]:
    return PensionApplication.state == ApplicationState.SENT


def _all() -> Select[PensionApplication, Person]:
    return select(PensionApplication, Person).join(
        Person, Person.id == PensionApplication.person_id
    )
