"""Temporary pension accounts: noted by the rule, closed to what comes from elsewhere, and ended."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.ledgers.account.close import AccountRefused
from siweb.ledgers.tables.temporary_account import TemporaryAccount
from siweb.messages.kinds.registration import TEMPORARY_ACCOUNT, TEMPORARY_ACCOUNT_ENDED
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.registry.codes import Insurance, Sex
from siweb.registry.person_keys import is_of
from siweb.registry.regions.provinces import province_code
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.rules.benefits.temporary_account import is_temporary
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.read import NATIONAL


def open_temporary(session: Session, person_id: int) -> TemporaryAccount | None:
    """Return somebody's temporary account, wherever it is; None where theirs is an ordinary one."""
    return session.scalar(
        select(TemporaryAccount)
        .where(*is_open_temporary(person_id))
        .order_by(TemporaryAccount.id.desc())
        .limit(1)
    )


def is_open_temporary(person_id: int) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that a row is somebody's open temporary account."""
    yield is_of(TemporaryAccount.person_id, person_id)
    yield TemporaryAccount.ended_on.is_(None)


def make_temporary(
    session: Session,
    person: Person,
    household: str,
    joined_on: date,
    *,
    packs: PackSet,
    on: date,
    actor: Actor,
    at: datetime,
) -> TemporaryAccount:
    """Note that an account is a temporary one, where the rule says so; the caller commits.

    :raises AccountRefused: "temporary_already"; "joined_to_come" of a day that lies ahead,
        "not_insured" where no pension insurance is open, "ordinary" where by the age on the day or
        by the household it is an ordinary one.
    """
    # Of two who note it at once the second finds the first one's.
    session.get_one(Person, person.id, with_for_update={"of": Person})
    if open_temporary(session, person.id) is not None:
        raise AccountRefused("temporary_already")
    if joined_on > on:
        raise AccountRefused("joined_to_come")
    region_code = _insured_in(session, person.id)
    if region_code is None:
        raise AccountRefused("not_insured")
    if not _is_by_rule(person, household, joined_on, province_code(region_code), packs, on):
        raise AccountRefused("ordinary")
    found = TemporaryAccount(
        person_id=person.id,
        region_code=region_code,
        household=household,
        joined_on=joined_on,
        recorded_at=at,
    )
    session.add(found)
    session.flush()
    _note(session, found, "temporary_account.noted", TEMPORARY_ACCOUNT, actor, at)
    return found


def _insured_in(session: Session, person_id: int) -> str | None:
    """Return the region of this office where somebody takes part in pension now."""
    return session.scalar(
        select(Enrolment.region_code)
        .where(
            is_of(Enrolment.person_id, person_id),
            Enrolment.insurance == Insurance.PENSION,
            Enrolment.to_month.is_(None),
        )
        .order_by(Enrolment.from_month.desc())
        .limit(1)
    )


def _is_by_rule(
    person: Person, household: str, joined_on: date, place: str, packs: PackSet, on: date
) -> bool:
    # The nation's: regions set their rates, and no ages.
    ages = packs.parameters(NATIONAL, month_of(joined_on), as_of=on).temporary_account_ages()
    # Without the ages no account is closed to anybody: an ordinary one is what the law begins with.
    if ages is None:
        return False
    from_age = ages[person.sex is Sex.FEMALE]
    return is_temporary(
        person.born_on, joined_on, from_age=from_age, household=household, place=place
    )


def end_temporary(
    session: Session,
    person_id: int,
    region_code: str | None = None,
    *,
    on: date,
    actor: Actor,
    at: datetime,
) -> bool:
    """End it: all of it went back, or it never was one; False where there is none.

    Of a region alone where one is named: what leaves one region of this office may be on its way
    into the other, whose temporary account still takes nothing.
    """
    found = open_temporary(session, person_id)
    if found is None or region_code not in {None, found.region_code}:
        return False
    found.ended_on = on
    session.flush()
    _note(session, found, "temporary_account.ended", TEMPORARY_ACCOUNT_ENDED, actor, at)
    return True


def refuse_into_temporary(session: Session, person_id: int) -> None:
    """Refuse to bring anything into a temporary account: the relation stays where it was.

    :raises AccountRefused: "temporary".
    """
    if open_temporary(session, person_id) is not None:
        raise AccountRefused("temporary")


def _note(
    session: Session,
    found: TemporaryAccount,
    action: str,
    kind: MessageKind,
    actor: Actor,
    at: datetime,
) -> None:
    """Write a line of the activity log, and tell the person: it says where their pension is."""
    subject = ("temporary_account", found.id)
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=subject,
        person_id=found.person_id,
        facts={"region": found.region_code, "household": found.household},
    )
    notify(session, kind, found.person_id, region_code=found.region_code, subject=subject, at=at)
