"""Give a mandate: what may not be is refused here, whichever way it comes."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.helping.end import end_mandates
from siweb.auth.helping.find import has_guardian
from siweb.auth.helping.helped import holds
from siweb.auth.helping.refused import HelpRefused
from siweb.auth.helping.serves import duties_of, serves
from siweb.auth.tables.account import Account
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpKind, HelpMandate
from siweb.db.reference_code import new_reference
from siweb.messages.kinds.helping import HELP_GIVEN, MAY_HELP
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of, is_same_person
from siweb.registry.tables.person import Person

# A family's parents and parents-in-law, and one more; whoever helps more is appointed to it.
MOST_PEOPLE = 5
# What one person of a residents' committee can look after.
MOST_OF_COMMUNITY = 200
# More helpers than this nobody keeps in mind.
MOST_HELPERS = 3
# By agreement a year; a guardian's paper holds longer, and is looked at again after three.
MOST_DAYS = {HelpBasis.CODE: 366, HelpBasis.PAPER: 366, HelpBasis.GUARDIANSHIP: 1_096}
# Who acts for others has full capacity (Civil Code 17, 18).
ADULT = 18


@dataclass(frozen=True, slots=True)
class Grant:
    """What may be done for a person, and until when."""

    person_id: int
    kinds: frozenset[HelpKind]
    until_on: date
    basis: HelpBasis


def give_mandate(
    session: Session, grant: Grant, helper: Account, *, actor: Actor, on: date, at: datetime
) -> HelpMandate:
    """Return a new mandate; it takes the place of the one that the helper has for this person.

    The caller commits, and has made sure that the person agreed.

    :raises HelpRefused: for what may not be.
    """
    person = session.get_one(Person, grant.person_id)
    helps = session.get_one(Person, helper.person_id)
    _refuse(session, grant, person, helps, on)
    community = _appointment(session, helps, person, on)
    # Before they are counted: a mandate that is replaced leaves its place.
    mine = (HelpMandate.helper_account_id == helper.id, is_of(HelpMandate.person_id, person.id))
    # Both are told of the new one: that somebody "no longer does things for you" would be untrue.
    end_mandates(session, *mine, actor=actor, at=at, tells=False)
    _hold_to_numbers(session, helper, person, community, on)
    mandate = HelpMandate(
        reference=new_reference(12),
        person_id=person.id,
        helper_account_id=helper.id,
        kinds=grant.kinds,
        basis=grant.basis,
        community_helper_id=None if community is None else community.id,
        from_on=on,
        until_on=grant.until_on,
        granted_at=at,
    )
    session.add(mandate)
    session.flush()
    _note(session, mandate, actor, at)
    subject = ("help", mandate.reference)
    for kind, reader in ((HELP_GIVEN, person), (MAY_HELP, helps)):
        notify(session, kind, reader.id, region_code=reader.region_code, subject=subject, at=at)
    return mandate


def hold_to_days(basis: HelpBasis, until_on: date, on: date) -> None:
    """Refuse a last day that is over, or too far away.

    :raises HelpRefused: "day_before" or "too_long".
    """
    if until_on < on:
        raise HelpRefused("day_before")
    if (until_on - on).days > MOST_DAYS[basis]:
        raise HelpRefused("too_long", most=MOST_DAYS[basis])


def _refuse(session: Session, grant: Grant, person: Person, helps: Person, on: date) -> None:
    hold_to_days(grant.basis, grant.until_on, on)
    if is_same_person(session, person.id, helps.id):
        raise HelpRefused("self")
    if person.died_on is not None or helps.died_on is not None:
        raise HelpRefused("dead")
    if _age(helps.born_on, on) < ADULT:
        raise HelpRefused("minor")
    if serves(session, duties_of(session, helps.id, on=on), person.id):
        raise HelpRefused("staff")
    # A code that was made before the guardian was named gives nothing after it.
    if grant.basis is HelpBasis.CODE and has_guardian(session, person.id, on=on):
        raise HelpRefused("guarded")


def _note(session: Session, mandate: HelpMandate, actor: Actor, at: datetime) -> None:
    record_activity(
        session,
        "help.given",
        actor=actor,
        at=at,
        subject=("help_mandate", mandate.id),
        person_id=mandate.person_id,
        facts={
            "helper_account": mandate.helper_account_id,
            "kinds": sorted(mandate.kinds),
            "basis": mandate.basis.value,
            "until": mandate.until_on.isoformat(),
        },
    )


def _age(born_on: date, on: date) -> int:
    # Born on 29 February one is older on 1 March in other years.
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _appointment(
    session: Session, helper: Person, person: Person, on: date
) -> CommunityHelper | None:
    """Return the helper's appointment where the person lives; elsewhere they are like anybody."""
    return session.scalar(
        select(CommunityHelper).where(
            is_of(CommunityHelper.person_id, helper.id),
            CommunityHelper.region_code == person.region_code,
            CommunityHelper.ended_at.is_(None),
            CommunityHelper.from_on <= on,
            CommunityHelper.until_on >= on,
        )
    )


def _hold_to_numbers(
    session: Session, helper: Account, person: Person, community: CommunityHelper | None, on: date
) -> None:
    # Two that are given at once would both find a place: the helper's account is held meanwhile.
    session.execute(select(Account.id).where(Account.id == helper.id).with_for_update())
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    as_community = HelpMandate.community_helper_id.is_not(None)
    same = as_community if community is not None else HelpMandate.community_helper_id.is_(None)
    most = MOST_PEOPLE if community is None else MOST_OF_COMMUNITY
    if _count(session, on, HelpMandate.helper_account_id == helper.id, same) >= most:
        raise HelpRefused("too_many_people", most=most)
    if _count(session, on, is_of(HelpMandate.person_id, person.id)) >= MOST_HELPERS:
        raise HelpRefused("too_many_helpers", most=MOST_HELPERS)


def _count(session: Session, on: date, *which: object) -> int:
    asked = (
        select(func.count())
        .select_from(HelpMandate)
        .outerjoin(CommunityHelper, CommunityHelper.id == HelpMandate.community_helper_id)
        .where(*which, *holds(on))  # type: ignore[arg-type]
    )
    return session.scalar(asked) or 0
