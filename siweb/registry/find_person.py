"""Find whom an ID number belongs to; also one that was replaced, or is a second registration's."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.db.sealing.field_keys import number_digest
from siweb.registry.tables.former_number import keys_of_digests, person_digested


def find_person(session: Session, id_number: str) -> int | None:
    """Return the person's id, or None when the register has nobody with that number."""
    return session.scalar(select(person_digested(number_digest(id_number))))


def people_by_number(session: Session, id_numbers: Iterable[str]) -> dict[str, int]:
    """Return the persons' ids by number, of those whom the register has; one statement."""
    return _by_number(session, id_numbers, as_registered=False)


def registrations_by_number(session: Session, id_numbers: Iterable[str]) -> dict[str, int]:
    """Return the keys under which numbers are registered, former ones too; one statement."""
    return _by_number(session, id_numbers, as_registered=True)


def _by_number(
    session: Session, id_numbers: Iterable[str], *, as_registered: bool
) -> dict[str, int]:
    numbers = {number_digest(number): number for number in id_numbers}
    asked = keys_of_digests(lambda digest: among(digest, numbers), as_registered=as_registered)
    return {numbers[digest]: person_id for person_id, digest in session.execute(asked)}
