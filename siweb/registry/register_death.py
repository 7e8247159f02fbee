"""Register that somebody died, and that they did not: what ended with that month goes on again."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.registry.claim_enrolments import claim_as_they_stand, release_claims
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.person_keys import all_keys, is_of
from siweb.registry.tables.benefit import Benefit, BenefitState, BenefitWithdrawal
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import Refusal

DIED = "person.died"


class DeathRefused(Refusal):
    """When a death cannot be registered, or taken back, so; `code` says why."""


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
        # Under every key: whoever reads a former registration reads of the same death.
        each.died_on = died_on
    # Read before it ends: afterwards nothing tells with which month it would have gone on.
    running = _running(session, person_id, died_on)
    never_began = _end_enrolments(session, person_id, month_of(died_on))
    session.execute(
        update(Benefit)
        .where(is_of(Benefit.person_id, person_id), Benefit.state != BenefitState.TERMINATED)
        .values(state=BenefitState.TERMINATED)
        .execution_options(synchronize_session=False)
    )
    record_activity(
        session,
        DIED,
        actor=actor,
        at=at,
        subject=("person", person_id),
        person_id=person_id,
        facts={
            "died_on": died_on.isoformat(),
            "never_began": [
                [enrolment.insurance.value, enrolment.from_month] for enrolment in never_began
            ],
            **running,
            "taken_out": [
                [*_key(row), row.to_month, row.scheme.value, row.employer_id] for row in never_began
            ],
        },
    )
    session.flush()
    return person


def _running(session: Session, person_id: int, died_on: date) -> dict[str, Any]:
    """Return what ends with a death, for the log: should the person be alive, it goes on so."""
    ended = session.scalars(select(Enrolment).where(*_runs_after(person_id, died_on)))
    drawn = session.execute(
        select(Benefit.id, Benefit.state)
        .where(is_of(Benefit.person_id, person_id), Benefit.state != BenefitState.TERMINATED)
        .order_by(Benefit.id)
    )
    return {
        "ended": [[*_key(row), row.to_month] for row in ended],
        "benefits": [[row.id, row.state.value] for row in drawn],
    }


def take_back_death(
    session: Session, person_id: int, *, actor: Actor, at: datetime
) -> tuple[int, int]:
    """Let somebody be alive who was registered as dead; return what goes on: enrolments, benefits.

    Of deaths that the log says less of, nothing goes on by itself. The caller settles first what
    was paid to heirs, and commits.

    :raises DeathRefused: "not_dead"; "insured_elsewhere" by now in what would go on.
    """
    person = session.get_one(Person, person_id, with_for_update={"of": Person})
    if person.died_on is None:
        raise DeathRefused("not_dead")
    died_on, keys = person.died_on, all_keys(session, person_id)
    for each in session.scalars(select(Person).where(Person.id.in_(keys))).all():
        each.died_on = None
    noted = _noted_death(session, keys)
    try:
        # Only the key of the claims sees what was begun elsewhere meanwhile; of two places the
        # register does not choose.
        with session.begin_nested():
            enrolments = _go_on(session, noted, month_of(died_on))
            claim_as_they_stand(session, keys)
    except IntegrityError as error:
        raise DeathRefused("insured_elsewhere") from error
    benefits = 0
    for benefit_id, state in noted.get("benefits", ()):
        benefit = session.get(Benefit, benefit_id)
        if benefit is None or benefit.state is not BenefitState.TERMINATED:
            continue
        if (withdrawn := _ended_meanwhile(session, benefit_id)) is not None:
            # It was not due, whether its person lives or not: should it begin again, it is as here.
            withdrawn.state_before = BenefitState(state)
            continue
        benefit.state = BenefitState(state)
        benefits += 1
    record_activity(
        session,
        "person.death_taken_back",
        actor=actor,
        at=at,
        subject=("person", person_id),
        person_id=person_id,
        facts={"died_on": died_on.isoformat(), "enrolments": enrolments, "benefits": benefits},
    )
    session.flush()
    return enrolments, benefits


def _ended_meanwhile(session: Session, benefit_id: int) -> BenefitWithdrawal | None:
    return session.scalar(
        select(BenefitWithdrawal).where(
            BenefitWithdrawal.benefit_id == benefit_id,
            BenefitWithdrawal.stopped_on.is_not(None),
            BenefitWithdrawal.resumed_at.is_(None),
        )
    )


def _noted_death(session: Session, keys: Sequence[int]) -> Mapping[str, Any]:
    """Return what the activity log says of the last death under these keys."""
    asked = select(Activity.facts).where(
        Activity.subject_kind == "person",
        Activity.subject_id.in_([str(key) for key in keys]),
        Activity.action == DIED,
    )
    return session.scalar(asked.order_by(Activity.at.desc(), Activity.id.desc()).limit(1)) or {}


def _go_on(session: Session, noted: Mapping[str, Any], month: str) -> int:
    """Let what ended with the death go on, and put back what never began; return how many."""
    count = 0
    for *key, to_month in noted.get("ended", ()):
        row = session.get(Enrolment, _found_by(key))
        # What was corrected since stays as it is.
        if row is not None and row.to_month == month:
            row.to_month = to_month
            count += 1
    for *key, to_month, scheme, employer_id in noted.get("taken_out", ()):
        if session.get(Enrolment, _found_by(key)) is None:
            session.add(
                Enrolment(
                    **_found_by(key),
                    to_month=to_month,
                    scheme=Scheme(scheme),
                    employer_id=employer_id,
                )
            )
            count += 1
    session.flush()
    return count


def _key(row: Enrolment) -> list[Any]:
    return [
        row.region_code,
        row.person_id,
        row.insurance.value,
        row.insuring_employer_id,
        row.from_month,
        row.sequence,
    ]


def _found_by(key: Sequence[Any]) -> dict[str, Any]:
    region, person_id, insurance, employer_id, month, sequence = key
    return {
        "region_code": region,
        "person_id": person_id,
        "insurance": Insurance(insurance),
        "insuring_employer_id": employer_id,
        "from_month": month,
        "sequence": sequence,
    }


def _runs_after(person_id: int, died_on: date) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that an enrolment began by the month of a death and goes beyond it."""
    month = month_of(died_on)
    yield is_of(Enrolment.person_id, person_id)
    yield Enrolment.from_month <= month
    yield or_(Enrolment.to_month.is_(None), Enrolment.to_month > month)


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
