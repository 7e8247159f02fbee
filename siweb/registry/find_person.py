"""Find whom an ID number belongs to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.registry.tables.person import Person


def find_person(session: Session, id_number: str) -> int | None:
    """Return the person's id, or None when the register has nobody with that number."""
    return session.scalar(select(Person.id).where(Person.id_number == id_number))
