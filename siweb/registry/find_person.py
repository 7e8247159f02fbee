"""Find whom an ID number belongs to: by its digest, which only the office can make."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.db.sealing.field_keys import number_digest
from siweb.registry.tables.person_identity import PersonIdentity


def find_person(session: Session, id_number: str) -> int | None:
    """Return the person's id, or None when the register has nobody with that number."""
    return session.scalar(
        select(PersonIdentity.person_id).where(PersonIdentity.digest == number_digest(id_number))
    )


def people_by_number(session: Session, id_numbers: Iterable[str]) -> dict[str, int]:
    """Return the persons' ids by number, of those whom the register has; one statement."""
    numbers = {number_digest(number): number for number in id_numbers}
    found = session.execute(
        select(PersonIdentity.digest, PersonIdentity.person_id).where(
            among(PersonIdentity.digest, numbers)
        )
    )
    return {numbers[digest]: person_id for digest, person_id in found}


def person_digested(digest: Any) -> ScalarSelect[int]:
    """Return the id of the person whose number has a digest, a value or a column of a statement."""
    return select(PersonIdentity.person_id).where(PersonIdentity.digest == digest).scalar_subquery()
