"""End what somebody is insured as a resident, and let it go on: what a stated status came to.

The register holds one medical insurance of a person at a time: who is insured through an employer
or in another city is no resident here any more, and who is told so wrongly is one again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.messages.kinds.reviews import RESIDENT_AGAIN, RESIDENT_ENDED
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify, subject_of
from siweb.messages.tables.message import Message
from siweb.registry.claim_enrolments import claim_enrolments, release_claims
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.person_keys import all_keys, is_of
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal


class ResidentRefused(Refusal):
    """When the insurance as a resident does not end, or does not go on.

    "resident_none": nothing of it is open; "resident_before" it began, or "resident_later" than
    this month; "resident_changed" since it was ended; "resident_insured" elsewhere meanwhile.
    """


def open_resident(session: Session, person_id: int, region_code: str) -> Enrolment | None:
    """Return what is open of somebody's medical insurance as a resident of a region."""
    return session.scalar(
        select(Enrolment).where(
            is_of(Enrolment.person_id, person_id),
            Enrolment.region_code == region_code,
            Enrolment.insurance == Insurance.MEDICAL,
            Enrolment.scheme == Scheme.RESIDENT,
            Enrolment.to_month.is_(None),
        )
    )


def end_resident(
    session: Session,
    person_id: int,
    region_code: str,
    last_month: str,
    *,
    this_month: str,
    task_id: int,
    actor: Actor,
    at: datetime,
) -> None:
    """End it with a month that has begun, and tell the person.

    :raises ResidentRefused: "resident_none", "resident_before", "resident_later".
    """
    # As whoever enrols or stops: two that change one person's insurance come one after the other.
    session.get_one(Person, person_id, with_for_update={"of": Person})
    found = open_resident(session, person_id, region_code)
    if found is None:
        raise ResidentRefused("resident_none")
    if last_month < found.from_month:
        raise ResidentRefused("resident_before")
    if last_month > this_month:
        raise ResidentRefused("resident_later")
    found.to_month = last_month
    release_claims(session, all_keys(session, person_id))
    _tell(session, RESIDENT_ENDED, person_id, region_code, task_id, last_month, actor, at)


def insure_again(
    session: Session,
    person_id: int,
    region_code: str,
    last_month: str,
    *,
    task_id: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Let go on what was ended with a month, without a gap, and tell the person.

    :raises ResidentRefused: "resident_changed" where no such end is there, "resident_insured" where
        somebody else insures the person since.
    """
    session.get_one(Person, person_id, with_for_update={"of": Person})
    found = session.scalar(_ended(person_id, region_code, Enrolment.to_month == last_month))
    if found is None:
        raise ResidentRefused("resident_changed")
    since = select(Enrolment.person_id).where(
        is_of(Enrolment.person_id, person_id),
        Enrolment.insurance == Insurance.MEDICAL,
        or_(Enrolment.to_month.is_(None), Enrolment.to_month > last_month),
    )
    # Also where it ended by now: going on would cover months that another payer has.
    if session.scalar(since.limit(1)) is not None:
        raise ResidentRefused("resident_insured")
    found.to_month = None
    whose: Mapping[str, Any] = {"person_id": found.person_id, "region_code": region_code}
    conditions = [getattr(Enrolment, name) == value for name, value in whose.items()]
    try:
        with session.begin_nested():
            claim_enrolments(session, Enrolment.insurance == Insurance.MEDICAL, *conditions)
    except IntegrityError as error:
        raise ResidentRefused("resident_insured") from error
    _tell(session, RESIDENT_AGAIN, person_id, region_code, task_id, last_month, actor, at)


def ended_by(session: Session, person_id: int, region_code: str, task_id: int) -> str | None:
    """Return with which month an insurance as a resident ended by a task, as it stands now."""
    # Whoever ended it told the person: a task that ended with words alone told nobody so.
    notice = exists().where(
        Message.kind == RESIDENT_ENDED.name,
        Message.subject == subject_of("review_task", task_id),
        is_of(Message.person_id, person_id),
    )
    return session.scalar(
        _ended(person_id, region_code, notice).with_only_columns(Enrolment.to_month)
    )


def _ended(person_id: int, region_code: str, *which: Any) -> Select[Enrolment]:
    return (
        select(Enrolment)
        .where(
            is_of(Enrolment.person_id, person_id),
            Enrolment.region_code == region_code,
            Enrolment.insurance == Insurance.MEDICAL,
            Enrolment.scheme == Scheme.RESIDENT,
            Enrolment.to_month.is_not(None),
            *which,
        )
        .order_by(Enrolment.from_month.desc(), Enrolment.sequence.desc())
        .limit(1)
    )


def _tell(
    session: Session,
    kind: MessageKind,
    person_id: int,
    region_code: str,
    task_id: int,
    last_month: str,
    actor: Actor,
    at: datetime,
) -> None:
    subject = ("review_task", task_id)
    session.flush()
    facts = {"last_month": last_month, "region": region_code}
    record_activity(
        session, kind.name, actor=actor, at=at, subject=subject, person_id=person_id, facts=facts
    )
    notify(session, kind, person_id, region_code=region_code, subject=subject, at=at)
