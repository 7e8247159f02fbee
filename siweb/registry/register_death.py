"""Register that somebody died: what they take part in ends with that month (SIL 17, 49)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.registry.claim_enrolments import release_claims
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import Refusal


class DeathRefused(Refusal):
    """When a death cannot be registered so; `code` says why."""


def register_death(
    session: Session, person_id: int, died_on: date, *, on: date, actor: Actor, at: datetime
) -> Person:
    """Note the day, end enrolments with its month and benefits; the caller commits.

    What was to begin after that month never begins: it is taken out of the register.

    :raises DeathRefused: "known", "to_come", or "before_birth".
    """
    # Pensions and accounts are settled from this day on: it is written once, by one of two desks.
    person = session.get_one(Person, person_id, with_for_update={"of": Person})
    if person.died_on is not None:
        raise DeathRefused("known")
    if died_on > on:
        raise DeathRefused("to_come")
    if died_on < person.born_on:
        raise DeathRefused("before_birth")
    for each in session.scalars(select(Person).where(is_of(Person.id, person_id))).all():
        each.died_on = died_on
    never_began = _end_enrolments(session, person_id, month_of(died_on))
    session.execute(
        update(Benefit)
        .where(is_of(Benefit.person_id, person_id), Benefit.state != BenefitState.TERMINATED)
        .values(state=BenefitState.TERMINATED)
        .execution_options(synchronize_session=False)
    )
    record_activity(
        session,
        "person.died",
        actor=actor,
        at=at,
        subject=("person", person_id),
        person_id=person_id,
        facts={
            "died_on": died_on.isoformat(),
            "never_began": [
                [enrolment.insurance.value, enrolment.from_month] for enrolment in never_began
            ],
        },
    )
    session.flush()
    return person


def _end_enrolments(session: Session, person_id: int, month: str) -> Sequence[Enrolment]:
    """End what runs with a month; take out, and return, what was to begin after it."""
    of_person = is_of(Enrolment.person_id, person_id)
    never_began = session.scalars(
        select(Enrolment).where(of_person, Enrolment.from_month > month)
    ).all()
    for enrolment in never_began:
        session.delete(enrolment)
    session.execute(
        update(Enrolment)
        .where(of_person, or_(Enrolment.to_month.is_(None), Enrolment.to_month > month))
        .values(to_month=month)
        .execution_options(synchronize_session=False)
    )
    release_claims(session, [person_id])
    return never_began
