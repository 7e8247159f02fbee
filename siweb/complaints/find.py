"""Find complaints: a person's own, and those that wait at the desk."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.complaints.tables.complaint import Complaint, ComplaintState
from siweb.messages.matter import matter
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person

_OWN = 50


class Found(NamedTuple):
    """A complaint with its sender, and the employer in the register where it is known."""

    complaint: Complaint
    person: str
    employer: str | None


def own_complaints(session: Session, person_id: int) -> Sequence[Complaint]:
    """Return what a person complained of, the newest first."""
    return session.scalars(
        select(Complaint)
        .where(is_of(Complaint.person_id, person_id))
        .order_by(Complaint.lodged_at.desc(), Complaint.id.desc())
        .limit(_OWN)
    ).all()


def own_complaint(session: Session, person_id: int, reference: str) -> Complaint | None:
    """Return a person's complaint; None for others'."""
    return session.scalar(
        select(Complaint).where(
            Complaint.reference == reference, is_of(Complaint.person_id, person_id)
        )
    )


def find_complaint(session: Session, reference: str) -> Found | None:
    """Return a complaint by its number."""
    row = session.execute(_all().where(Complaint.reference == reference)).first()
    return None if row is None else Found(*row)


def count_open_complaints(_on: date, scope: Scope) -> Select[int]:
    """Return the statement that counts what waits for an answer."""
    return select(func.count(Complaint.id)).where(
        Complaint.state == ComplaintState.OPEN, scope.has(Complaint.region_code)
    )


def answers_to_complaints(person_id: Any, on: Any) -> Select[Any]:
    """Return the question which complaints of a person were answered and may still be taken on."""
    return (
        select(
            *matter("complaint_answered", key=Complaint.reference, last_day=Complaint.review_until)
        )
        .where(
            is_of(Complaint.person_id, person_id),
            Complaint.state == ComplaintState.ANSWERED,
            Complaint.review_until >= on,
        )
        .order_by(Complaint.review_until, Complaint.id)
    )


def _all() -> Select[Complaint, str, str | None]:
    return (
        select(Complaint, Person.name, Employer.name)
        .join(Person, Person.id == Complaint.person_id)
        .outerjoin(Employer, Employer.id == Complaint.employer_id)
    )
