"""Leaving of people whose registrations were joined: also what ran under a former key ends.

What began anew under the key that stands goes on from an enrolment of the former one. Whoever
leaves before that had no such enrolment, and the former one ends where they left.
"""

from typing import Any

from sqlalchemy import ColumnElement, Delete, Update, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person_alias import PersonAlias


def are_some_joined(session: Session, row: Any) -> bool:
    """Return whether anybody whom the rows name has a former key."""
    asked = select(PersonAlias.former_id).where(PersonAlias.person_id == row.person_id)
    return session.scalar(asked.limit(1)) is not None


def goes_on_after(row: Any, *here: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that an open enrolment begins after its person stopped.

    It goes on from one of a former key, and the row is of its person.
    """
    former = aliased(Enrolment)
    return exists().where(
        *here,
        Enrolment.to_month.is_(None),
        Enrolment.from_month > row.stop_month,
        PersonAlias.person_id == Enrolment.person_id,
        former.person_id == PersonAlias.former_id,
        former.region_code == Enrolment.region_code,
        former.insurance == Enrolment.insurance,
        former.employer_id == Enrolment.employer_id,
        former.to_month >= row.stop_month,
    )


def without_begun(row: Any, goes_on: ColumnElement[bool]) -> Delete:
    """Return the statement that takes away what never began."""
    theirs = exists().where(row.person_id == Enrolment.person_id, goes_on)
    return delete(Enrolment).where(Enrolment.to_month.is_(None), theirs)


def ending_former(row: Any, *here: ColumnElement[bool]) -> Update:
    """Return the statement that ends former enrolments where their person left before."""
    return (
        update(Enrolment)
        .where(
            *here,
            PersonAlias.former_id == Enrolment.person_id,
            PersonAlias.person_id == row.person_id,
            Enrolment.from_month <= row.stop_month,
            Enrolment.to_month > row.stop_month,
        )
        .values(to_month=row.stop_month)
    )
