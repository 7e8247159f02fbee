"""How often somebody who insures themselves pays: what they chose last.

It moves the closing day of bills to come (`levy/bills_from_records.py`). From then on the bills
themselves say which months are paid together: those that are due on one day (`match.py`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.tables.bill import PayRhythm
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.rules.calendar.pay_periods import Every


def rhythm_of(session: Session, person_id: int) -> Every:
    """Return how often somebody pays: by the month, unless they chose otherwise."""
    return session.scalar(last_choice(person_id)) or Every.MONTH


def last_choice(person_id: int) -> Select[Every]:
    """Return the question for what somebody chose last; nothing where they never chose."""
    return (
        select(PayRhythm.every)
        .where(is_of(PayRhythm.person_id, person_id))
        .order_by(PayRhythm.id.desc())
        .limit(1)
    )


def choose_rhythm(
    session: Session, person: Person, every: Every, *, actor: Actor, at: datetime
) -> bool:
    """Keep how often somebody pays from the next bill on; False when it is what it was.

    Bills that are there keep their closing day: a choice neither shortens it nor opens it again.
    """
    session.get_one(Person, person.id, with_for_update={"of": Person})
    if rhythm_of(session, person.id) is every:
        return False
    session.add(PayRhythm(person_id=person.id, every=every, chosen_at=at))
    session.flush()
    record_activity(
        session,
        "own_insurance.rhythm_chosen",
        actor=actor,
        at=at,
        subject=("person", person.id),
        person_id=person.id,
        facts={"every": every.value},
    )
    return True


def people_who_pay(every: Every) -> Select[Any]:
    """Return the keys of all who chose a rhythm last, those of joined registrations with them."""
    joined = PersonAlias
    whose = func.coalesce(joined.person_id, PayRhythm.person_id)
    all_choices = select(PayRhythm).outerjoin(joined, joined.former_id == PayRhythm.person_id)
    newest = all_choices.with_only_columns(func.max(PayRhythm.id)).group_by(whose)
    standing = all_choices.with_only_columns(whose.label("person_key")).where(
        PayRhythm.id.in_(newest), PayRhythm.every == every
    )
    keys = standing.subquery("chosen")
    # A bill may still be made out to a former key, by the enrolment that goes on under it.
    former = select(joined.former_id).where(joined.person_id.in_(select(keys.c.person_key)))
    found = standing.union_all(former).subquery("payers")
    return select(found.c.person_key)
