"""Register many people at once: their rows, and their numbers beside them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.orm import Session

from siweb.db.insert_many import insert_many
from siweb.db.sealing.field_keys import end_digest, number_digest
from siweb.registry.search.follow import NewPerson, let_find_new
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity

_IDENTITY = ("person_id", "number", "digest", "end_digest")


def insert_people(
    session: Session, people: Sequence[dict[str, Any]], digests: Sequence[str] | None = None
) -> None:
    """Insert people by their columns and `id_number`; without an `id` they get the next ones.

    `digests` are those of the numbers where the caller has them already.

    :raises IntegrityError: when somebody with one of the numbers is registered.
    """
    if not people:
        return
    names = [name for name in people[0] if name not in {"id", "id_number"}]
    keys = [person["id"] for person in people] if "id" in people[0] else _keys(session, len(people))
    insert_many(
        session,
        Person.__table__,
        ("id", *names),
        (
            (key, *(person[name] for name in names))
            for key, person in zip(keys, people, strict=True)
        ),
    )
    numbers = [person["id_number"] for person in people]
    found = digests or [number_digest(number) for number in numbers]
    ends = [end_digest(number) for number in numbers]
    insert_many(
        session,
        PersonIdentity.__table__,
        _IDENTITY,
        zip(keys, numbers, found, ends, strict=True),
    )
    let_find_new(
        session,
        (
            NewPerson(key, person["region_code"], person["name"], end)
            for key, person, end in zip(keys, people, ends, strict=True)
        ),
    )


def _keys(session: Session, count: int) -> Sequence[int]:
    """Return as many keys that nobody has: rows that come in bulk tell none of theirs."""
    if session.connection().dialect.name == "postgresql":
        # As a question of its own: it is asked once then, and not for each key.
        named = cast(func.pg_get_serial_sequence("person", "id"), REGCLASS)
        sequence = select(named).scalar_subquery()
        each = func.generate_series(1, count).table_valued("value")
        return session.scalars(select(func.nextval(sequence)).select_from(each)).all()
    # Whoever writes to SQLite writes alone.
    last = session.scalar(select(func.max(Person.id))) or 0
    return range(last + 1, last + 1 + count)
