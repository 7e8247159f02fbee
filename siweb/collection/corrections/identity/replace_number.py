"""Give a person another ID number; one that was theirs goes on leading to them."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.db.sealing.field_keys import number_digest
from siweb.registry.find_person import find_person
from siweb.registry.person_keys import is_same_person
from siweb.registry.tables.former_number import FormerNumber
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import identity_values
from siweb.rules.errors import Refusal


class NumberInUse(Refusal):
    """When a number is another person's ("taken"), or of this one's other registration ("own")."""


def replace_number(
    session: Session, person: Person, number: str, *, was_theirs: bool, at: datetime
) -> None:
    """Make a number a person's; the one before still finds them if it `was_theirs`.

    :raises NumberInUse: "taken" when it leads to somebody else, "own" when it is that of another
        key of the same person.
    """
    before = identity_values(person.id_number)
    if not _is_free_for(session, person, number):
        is_own = is_same_person(session, find_person(session, number), person.id)
        raise NumberInUse("own" if is_own else "taken")
    # Before it becomes the present one: a number leads to a person by one row alone.
    _free(session, person, number_digest(number), at)
    try:
        # A savepoint: of a number that somebody else got meanwhile the unique digest tells, and
        # the rest of the transaction goes on to say so.
        with session.begin_nested():
            for name, value in identity_values(number).items():
                setattr(person.identity, name, value)
    except IntegrityError:
        # Somebody was registered with it at the same moment.
        raise NumberInUse("taken") from None
    if was_theirs:
        place = select(func.count()).where(FormerNumber.person_id == person.id)
        sequence = session.scalar(place) or 0
        session.add(FormerNumber(person_id=person.id, sequence=sequence, replaced_at=at, **before))
        session.flush()


def former_numbers(session: Session, person_id: int) -> list[str]:
    """Return the numbers that were replaced and still lead to a person, the newest first."""
    rows = session.scalars(
        select(FormerNumber.number)
        .where(FormerNumber.person_id == person_id, FormerNumber.freed_at.is_(None))
        .order_by(FormerNumber.sequence.desc())
    )
    return list(rows)


def _is_free_for(session: Session, person: Person, number: str) -> bool:
    """Return whether a number is nobody's, or was this registration's own before."""
    owns = select(FormerNumber.person_id).where(
        FormerNumber.digest == number_digest(number), FormerNumber.freed_at.is_(None)
    )
    return find_person(session, number) is None or session.scalar(owns) == person.id


def _free(session: Session, person: Person, digest: str, at: datetime) -> None:
    """Let a former number lead nowhere by itself: it is about to be the present one."""
    session.execute(
        update(FormerNumber)
        .where(
            FormerNumber.person_id == person.id,
            FormerNumber.digest == digest,
            FormerNumber.freed_at.is_(None),
        )
        .values(freed_at=at)
    )
