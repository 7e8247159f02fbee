"""Find whom an ID number belongs to: by its digest, which only the office can make."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.db.sealing.field_keys import number_digest
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.person_identity import PersonIdentity


def find_person(session: Session, id_number: str) -> int | None:
    """Return the person's id, or None when the register has nobody with that number."""
    return session.scalar(_found().where(PersonIdentity.digest == number_digest(id_number)))


def people_by_number(session: Session, id_numbers: Iterable[str]) -> dict[str, int]:
    """Return the persons' ids by number, of those whom the register has; one statement."""
    numbers = {number_digest(number): number for number in id_numbers}
    found = session.execute(
        _found().add_columns(PersonIdentity.digest).where(among(PersonIdentity.digest, numbers))
    )
    return {numbers[digest]: person_id for person_id, digest in found}


def person_digested(digest: Any) -> ScalarSelect[int]:
    """Return the id of the person whose number has a digest, a value or a column of a statement."""
    return _found().where(PersonIdentity.digest == digest).scalar_subquery()


def _found() -> Select[int]:
    """Return the key that stands, also for a number that was found to be somebody's other one."""
    return select(func.coalesce(PersonAlias.person_id, PersonIdentity.person_id)).outerjoin_from(
        PersonIdentity, PersonAlias, PersonAlias.former_id == PersonIdentity.person_id
    )
