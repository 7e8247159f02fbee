"""End mandates: by the person, by the helper, at the counter, by a death."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.helping.refused import HelpRefused
from siweb.auth.tables.account import Account
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpCode, HelpMandate
from siweb.messages.kinds.helping import HELP_ENDED, MAY_HELP_NO_MORE
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of, is_same_person
from siweb.registry.tables.person import Person


def end_by_its_people(
    session: Session, reference: str, *, actor: Actor, on: date, at: datetime
) -> bool:
    """End a mandate for the person it is about, or for its helper; False where it is neither's.

    :raises HelpRefused: "guardian" of a guardianship.
    """
    found = session.scalar(select(HelpMandate).where(HelpMandate.reference == reference))
    if found is None or found.ended_at is not None or found.until_on < on:
        return False
    is_theirs = is_same_person(session, found.person_id, actor.person_id)
    if not is_theirs and found.helper_account_id != actor.account_id:
        return False
    # Neither's to end alone: a court or committee named the guardian (Civil Code 36, 39).
    if found.basis is HelpBasis.GUARDIANSHIP:
        raise HelpRefused("guardian")
    end_mandates(session, HelpMandate.id == found.id, actor=actor, at=at)
    return True


def end_mandates(
    session: Session, *which: ColumnElement[bool], actor: Actor, at: datetime, tells: bool = True
) -> int:
    """End the open mandates of a condition at once, and tell both; return how many."""
    found = session.scalars(select(HelpMandate).where(*which, HelpMandate.ended_at.is_(None))).all()
    for mandate in found:
        mandate.ended_at, mandate.ended_by_account_id = at, actor.account_id
        record_activity(
            session,
            "help.ended",
            actor=actor,
            at=at,
            subject=("help_mandate", mandate.id),
            person_id=mandate.person_id,
        )
        if tells:
            _tell(session, mandate, at)
    session.flush()
    return len(found)


def end_help_of_dead(session: Session, person_id: int, *, actor: Actor, at: datetime) -> None:
    """End what others did for a person who died, and what they did for others."""
    accounts = select(Account.id).where(is_of(Account.person_id, person_id))
    theirs = is_of(HelpMandate.person_id, person_id)
    helped = HelpMandate.helper_account_id.in_(accounts)
    # Whom the dead helped are told; the dead are not.
    end_mandates(session, helped, actor=actor, at=at)
    end_mandates(session, theirs, actor=actor, at=at, tells=False)
    for table, column in ((CommunityHelper, "ended_at"), (HelpCode, "used_at")):
        session.execute(
            update(table)
            .where(is_of(table.person_id, person_id), getattr(table, column).is_(None))
            .values({column: at})
            .execution_options(synchronize_session=False)
        )


def hand_over_help(
    session: Session,
    person_id: int,
    accounts: tuple[int, int] | None,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Let a person whose registrations became one hold what either of them held for others.

    `accounts` are the former one's and the one that stands. Nobody acts for themselves, and where
    both held something for one person, that of the account which stands stays.
    """
    own = select(Account.id).where(is_of(Account.person_id, person_id))
    itself = (HelpMandate.helper_account_id.in_(own), is_of(HelpMandate.person_id, person_id))
    end_mandates(session, *itself, actor=actor, at=at)
    if accounts is None:
        return
    former, stands = accounts
    twice = select(HelpMandate.person_id).where(
        HelpMandate.helper_account_id == stands, HelpMandate.ended_at.is_(None)
    )
    held = HelpMandate.helper_account_id == former
    end_mandates(session, held, HelpMandate.person_id.in_(twice), actor=actor, at=at)
    session.execute(
        update(HelpMandate)
        .where(held, HelpMandate.ended_at.is_(None))
        .values(helper_account_id=stands)
        .execution_options(synchronize_session=False)
    )


def _tell(session: Session, mandate: HelpMandate, at: datetime) -> None:
    helper = session.get_one(Account, mandate.helper_account_id).person_id
    subject = ("help", mandate.reference)
    for kind, person_id in ((HELP_ENDED, mandate.person_id), (MAY_HELP_NO_MORE, helper)):
        region = session.get_one(Person, person_id).region_code
        notify(session, kind, person_id, region_code=region, subject=subject, at=at)
