"""Whom a member of staff keeps out of: themselves, under every key, and declared relatives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, String, cast, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.tables.staff_relation import Relation, StaffRelation
from siweb.registry.person_keys import all_keys, is_of, is_same_person
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.rules.errors import Refusal


class RelationRefused(Refusal):
    """When a relation is not declared or ended so.

    `code` says why: "nobody" in the register, "oneself", "declared" already, "ended" already,
    "before_since".
    """


class ShownRelation(NamedTuple):
    """A relation with the relative."""

    relation: StaffRelation
    relative: Person


@dataclass(frozen=True, slots=True)
class Declared:
    """Who somebody is to a member of staff, from when until when."""

    relative_id: int
    relation: Relation
    since_on: date
    until_on: date | None = None


def in_force(on: Any) -> ColumnElement[bool]:
    """Return the condition that a relation holds on a day.

    What is to come holds too: nobody declares it so late that something can be done before.
    """
    return or_(StaffRelation.until_on.is_(None), StaffRelation.until_on >= on)


def written_relatives(person_id: Any, on: Any) -> ScalarSelect[str]:
    """Return the keys of somebody's relatives as one text, read together with who is signed in."""
    now, other = aliased(PersonAlias), aliased(PersonAlias)
    declared = StaffRelation.relative_id
    standing = func.coalesce(now.person_id, declared)
    keys = [
        cast(key, String) for key in (declared, standing, func.coalesce(other.former_id, declared))
    ]
    return (
        select(func.aggregate_strings(keys[0] + "," + keys[1] + "," + keys[2], ","))
        .select_from(StaffRelation)
        .outerjoin(now, now.former_id == declared)
        .outerjoin(other, other.person_id == standing)
        .where(StaffRelation.person_id == person_id, in_force(on))
        .scalar_subquery()
    )


def read_relatives(written: str | None) -> frozenset[int]:
    """Return the keys of `written_relatives`."""
    return frozenset(int(key) for key in (written or "").split(",") if key)


def relatives_of(session: Session, person_id: int, *, on: date) -> list[int]:
    """Return every key of the relatives whom a member of staff keeps out of on a day."""
    found = session.scalars(
        select(StaffRelation.relative_id).where(
            is_of(StaffRelation.person_id, person_id), in_force(on)
        )
    ).all()
    return [key for relative_id in found for key in all_keys(session, relative_id)]


def barred_keys(session: Session, person_id: int | None, *, on: date) -> list[int]:
    """Return whose matters somebody does not decide: their own and their relatives', by all keys.

    Whoever is no member of staff declared nobody.
    """
    if person_id is None:
        return []
    return [*all_keys(session, person_id), *relatives_of(session, person_id, on=on)]


def relations_of(session: Session, person_id: int) -> Sequence[ShownRelation]:
    """Return what a member of staff declared, what holds first; one statement."""
    rows = session.execute(
        select(StaffRelation, Person)
        .join(Person, Person.id == StaffRelation.relative_id)
        .where(is_of(StaffRelation.person_id, person_id))
        .order_by(StaffRelation.until_on.is_not(None), StaffRelation.id.desc())
    )
    return [ShownRelation(*row) for row in rows]


def declare_relation(
    session: Session, person_id: int, declared: Declared, *, actor: Actor, at: datetime
) -> StaffRelation:
    """Keep that somebody is a relative of a member of staff; the caller commits.

    One person is enough: it only takes away what the member of staff may do.

    :raises RelationRefused: "oneself", "declared", "before_since".
    """
    if is_same_person(session, person_id, declared.relative_id):
        raise RelationRefused("oneself")
    if declared.until_on is not None and declared.until_on < declared.since_on:
        raise RelationRefused("before_since")
    relation = StaffRelation(
        person_id=person_id,
        relative_id=declared.relative_id,
        relation=declared.relation,
        since_on=declared.since_on,
        until_on=declared.until_on,
        declared_at=at,
        declared_by_account_id=actor.account_id,
    )
    try:
        # The key refuses the same one twice; only this is taken back then, not what the caller did.
        with session.begin_nested():
            session.add(relation)
    except IntegrityError as error:
        raise RelationRefused("declared") from error
    _note(session, "staff.relation_declared", relation, actor, at)
    return relation


def end_relation(
    session: Session, relation: StaffRelation, until_on: date, *, actor: Actor, at: datetime
) -> None:
    """Let a relation hold until a day alone; the caller commits.

    :raises RelationRefused: "ended", "before_since".
    """
    session.refresh(relation, with_for_update=True)
    if relation.until_on is not None:
        raise RelationRefused("ended")
    if until_on < relation.since_on:
        raise RelationRefused("before_since")
    relation.until_on = until_on
    _note(session, "staff.relation_ended", relation, actor, at)


def _note(
    session: Session, action: str, relation: StaffRelation, actor: Actor, at: datetime
) -> None:
    session.flush()
    until = relation.until_on
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("staff_relation", relation.id),
        person_id=relation.person_id,
        facts={
            "relation": relation.relation.value,
            "since": relation.since_on.isoformat(),
            "until": until and until.isoformat(),
        },
    )
