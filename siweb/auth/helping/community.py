"""Helpers of a community (社区帮办员): appointed by the office for an organisation, for a while."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.account import account_of
from siweb.auth.credentials.join_accounts import holds_function
from siweb.auth.helping.end import end_mandates
from siweb.auth.helping.give import hold_to_days
from siweb.auth.helping.refused import HelpRefused
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpMandate
from siweb.messages.kinds.helping import HELPER_APPOINTED, HELPER_DISMISSED
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.registry.person_keys import all_keys, is_of
from siweb.registry.tables.person import Person


def appoint_helper(
    session: Session,
    person_id: int,
    region_code: str,
    organisation: str,
    until_on: date,
    *,
    actor: Actor,
    on: date,
    at: datetime,
) -> CommunityHelper:
    """Return the appointment of somebody to help people of a region; the caller commits.

    What they were given before as anybody else stays what it was: those people gave it to a
    relative, and not to an organisation.

    :raises HelpRefused: "appointed" already, "staff", "dead", "no_account", and as `hold_to_days`.
    """
    hold_to_days(HelpBasis.PAPER, until_on, on)
    person = session.get_one(Person, person_id)
    if person.died_on is not None:
        raise HelpRefused("dead")
    # Of no region at all: who serves one city at the desk should not look like help in another.
    if holds_function(session, tuple(all_keys(session, person_id)), on=on):
        raise HelpRefused("staff")
    if session.scalar(account_of(person_id)) is None:
        raise HelpRefused("no_account")
    _hold_open(session, person_id, region_code, on, at)
    appointed = CommunityHelper(
        person_id=person_id,
        region_code=region_code,
        organisation=organisation,
        from_on=on,
        until_on=until_on,
        appointed_at=at,
    )
    session.add(appointed)
    session.flush()
    _note(session, "help.appointed", appointed, actor, at)
    _tell(session, HELPER_APPOINTED, appointed, at)
    return appointed


def end_appointment(
    session: Session, appointed: CommunityHelper, *, actor: Actor, at: datetime
) -> None:
    """End an appointment, and with it every mandate that rests on it; twice is once."""
    if appointed.ended_at is None:
        appointed.ended_at = at
        end_mandates(session, HelpMandate.community_helper_id == appointed.id, actor=actor, at=at)
        _note(session, "help.appointment_ended", appointed, actor, at)
        _tell(session, HELPER_DISMISSED, appointed, at)


def _hold_open(session: Session, person_id: int, region_code: str, on: date, at: datetime) -> None:
    found = session.scalar(
        select(CommunityHelper).where(
            is_of(CommunityHelper.person_id, person_id),
            CommunityHelper.region_code == region_code,
            CommunityHelper.ended_at.is_(None),
        )
    )
    if found is not None and found.until_on >= on:
        raise HelpRefused("appointed")
    if found is not None:
        # One that ran out leaves its place to the next.
        found.ended_at = at
        session.flush()


def _tell(session: Session, kind: MessageKind, appointed: CommunityHelper, at: datetime) -> None:
    region, about = appointed.region_code, ("community_helper", appointed.id)
    notify(session, kind, appointed.person_id, region_code=region, subject=about, at=at)


def _note(
    session: Session, action: str, appointed: CommunityHelper, actor: Actor, at: datetime
) -> None:
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("community_helper", appointed.id),
        person_id=appointed.person_id,
        facts={"until": appointed.until_on.isoformat()},
    )
