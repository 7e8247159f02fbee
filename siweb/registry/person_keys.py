"""A person's set of keys: the one they have, and those that were found to be theirs as well.

Whoever reads what is recorded of a person asks for all of them, by `is_of`; new rows are written
under the key that stands, which is the one that a number leads to (`siweb.registry.find_person`).
Keys are joined by `siweb.registry.merge_keys.add_alias`, which two people decide at the desk.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, func, literal, select, type_coerce
from sqlalchemy.orm import Session, aliased

from siweb.db.among import among, among_found
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias

_KEY = Person.id.type


def is_of(column: Any, person_id: Any) -> ColumnElement[bool]:
    """Return the condition that a column has one of a person's keys; any of them may be given.

    `person_id` is a number or a parameter of the statement.
    """
    return among_found(column, keys_of(person_id))


def keys_of(person_id: Any) -> CompoundSelect[Any]:
    """Return a person's keys, whichever of them is given, as a subquery."""
    is_parameter = isinstance(person_id, ColumnElement)
    given = type_coerce(person_id, _KEY) if is_parameter else literal(person_id, _KEY)
    alias = aliased(PersonAlias)
    now = select(alias.person_id).where(alias.former_id == given).scalar_subquery()
    standing = func.coalesce(now, given)
    return select(standing.label("person_key")).union_all(
        select(PersonAlias.former_id).where(PersonAlias.person_id == standing)
    )


def all_keys(session: Session, person_id: int | None) -> list[int]:
    """Return a person's keys, whichever of them is given; nobody has none."""
    return [] if person_id is None else list(session.scalars(keys_of(person_id)))


def is_same_person(session: Session, key: int | None, other: int | None) -> bool:
    """Return whether two keys are one person's; only different ones are looked up."""
    if key is None or other is None or key == other:
        return key is not None and key == other
    return bool(session.scalar(select(is_of(literal(key, _KEY), other))))


def former_keys(session: Session, people: Collection[int]) -> dict[int, int]:
    """Return whose each former key of these people is; one statement."""
    rows = session.execute(
        select(PersonAlias.former_id, PersonAlias.person_id).where(
            among(PersonAlias.person_id, people)
        )
    )
    return {row.former_id: row.person_id for row in rows}
