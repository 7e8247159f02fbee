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
    numbers = {number_digest(number): number for number in id_numbers}
    found = session.execute(keys_of_digests(lambda digest: among(digest, numbers)))
    return {numbers[digest]: person_id for person_id, digest in found}
