"""Note that two registrations are one person, or two after all: a key is an alias, or none.

This is the register's side alone: two people and the proofs stand before it, and whoever decides
settles first what runs under both keys.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.registry.search.follow import follow_person
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.rules.errors import Refusal


class MergeRefused(Refusal):
    """When a key cannot become another's: `code` is "itself", "former" or "open_twice"."""


# Both are locked in the order of their keys: two who join the same two the other way round never
# wait for each other in a circle. Claims move first, since their key finds who would be open twice;
# and keys that led to the former one lead to the person from now on: an alias is always one step.
def add_alias(
    session: Session,
    former_id: int,
    person_id: int,
    *,
    task_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Make a person's key a former one of another's; the caller commits.

    What runs under it stays open and is claimed by the person it is now. `task_id` is the task of
    the two people who decided it.

    :raises MergeRefused: "itself"; "former" for a key that is a former one already; "open_twice"
        while both are open in one insurance: one of the two has to end first.
    """
    if former_id == person_id:
        raise MergeRefused("itself")
    people = select(Person.id).where(Person.id.in_((former_id, person_id))).order_by(Person.id)
    session.execute(people.with_for_update(of=Person)).all()
    formerly = select(func.count()).where(PersonAlias.former_id.in_((former_id, person_id)))
    if session.scalar(formerly):
        raise MergeRefused("former")
    _claim_for(session, former_id, person_id)
    session.execute(
        update(PersonAlias)
        .where(PersonAlias.person_id == former_id)
        .values(person_id=person_id)
        .execution_options(synchronize_session=False)
    )
    session.add(
        PersonAlias(
            former_id=former_id,
            person_id=person_id,
            merged_at=at,
            merged_by_account_id=actor.account_id,
            task_id=task_id,
        )
    )
    follow_person(session, person_id)
    record_activity(
        session,
        "person.merged",
        actor=actor,
        at=at,
        subject=("person", former_id),
        person_id=person_id,
        facts={"former": former_id, "person": person_id},
    )


def remove_alias(
    session: Session, alias: PersonAlias, with_it: Collection[int], *, actor: Actor, at: datetime
) -> None:
    """Let a former key stand for itself again, with keys that were joined to it before.

    What it was is kept beside the seal of the row, and in the activity log. The caller settles
    first whose what runs is, and claims it; the caller commits.
    """
    former_id, person_id = alias.former_id, alias.person_id
    people = select(Person.id).where(Person.id.in_((former_id, person_id))).order_by(Person.id)
    session.execute(people.with_for_update(of=Person)).all()
    session.delete(alias)
    session.flush()
    session.execute(
        update(PersonAlias)
        .where(PersonAlias.former_id.in_(with_it))
        .values(person_id=former_id)
        .execution_options(synchronize_session=False)
    )
    for key in (former_id, person_id):
        follow_person(session, key)
    record_activity(
        session,
        "person.separated",
        actor=actor,
        at=at,
        subject=("person", former_id),
        person_id=person_id,
        facts={"former": former_id, "person": person_id, "with_it": sorted(with_it)},
    )


def _claim_for(session: Session, former_id: int, person_id: int) -> None:
    """Let the claims of a former key be the person's."""
    move = update(EnrolmentClaim).where(EnrolmentClaim.person_id == former_id)
    try:
        with session.begin_nested():
            session.execute(
                move.values(person_id=person_id).execution_options(synchronize_session=False)
            )
    except IntegrityError:
        raise MergeRefused("open_twice") from None
