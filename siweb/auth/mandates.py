"""Grant, list and revoke mandates; who granted what, and when it ended, stays readable."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.account import account_of
from siweb.auth.credentials.activate import same_name
from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.auth.credentials.throttle import PER_NUMBER, reserve, take_back
from siweb.auth.helping.serves import duties_of, serves_employer
from siweb.auth.tables.account import Account
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.db.sealing.field_keys import number_digest
from siweb.messages.kinds.mandates import (
    MANDATE_ENDING,
    MANDATE_GIVEN,
    MANDATE_GRANTED,
    MANDATE_REVOKED,
)
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import day_of, notify, notify_each, subject_of
from siweb.messages.reminders import last_reminded, reminded_on
from siweb.registry.person_keys import is_same_person
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.former_number import person_digested
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.rules.errors import Refusal

# An accountant acts for some dozens; beyond this a page would no longer be read.
_SHOWN = 200


class GrantRefused(Refusal):
    """When it is not granted: `code` is "nobody" or "staff".

    "nobody" with this number and name has an account, or it is the granting person.
    """


class LastOwner(Refusal):
    """When no owner without an end would be left: an employer keeps at least one."""


class Holder(NamedTuple):
    """A mandate and whose it is."""

    mandate: Mandate
    name: str
    id_number: str


def add_mandate(
    session: Session,
    account_id: int,
    employer_id: int,
    kind: MandateKind,
    *,
    actor: Actor,
    on: date,
    at: datetime,
    until_on: date | None = None,
) -> Mandate:
    """Return a new mandate; it takes the place of the one that the account has."""
    _revoke(
        session,
        Mandate.account_id == account_id,
        Mandate.employer_id == employer_id,
        actor=actor,
        at=at,
    )
    mandate = Mandate(
        account_id=account_id,
        employer_id=employer_id,
        kind=kind,
        from_on=on,
        until_on=until_on,
        granted_by_account_id=actor.account_id,
        granted_at=at,
    )
    session.add(mandate)
    session.flush()
    record_activity(
        session,
        "mandate.granted",
        actor=actor,
        at=at,
        subject=("mandate", mandate.id),
        facts={"kind": kind.value, "until": until_on.isoformat() if until_on else None},
    )
    _tell(session, MANDATE_GIVEN, mandate, at)
    region_code = session.get_one(Employer, employer_id).region_code
    subject = ("mandate", mandate.id)
    notify(session, MANDATE_GRANTED, employer_id, region_code=region_code, subject=subject, at=at)
    return mandate


def grant_mandate(
    session: Session,
    employer_id: int,
    id_number: str,
    name: str,
    kind: MandateKind,
    *,
    actor: Actor,
    key: str,
    on: date,
    at: datetime,
    until_on: date | None = None,
) -> Mandate:
    """Let the person with this number and name act for an employer.

    Failures are counted, so that nobody tries numbers one after the other. The caller commits.

    :raises SignInPaused: after five failures.
    :raises GrantRefused: "nobody" whatever does not fit, so that nothing is given away; "staff".
    """
    who = keyed_hash(key, "grant", str(actor.account_id))
    reserve(session, {who: PER_NUMBER}, at=at)
    person_id = person_digested(number_digest(id_number))
    asked = account_of(person_id).join(Person, Person.id == person_id)
    row = session.execute(
        asked.with_only_columns(Account.id, Account.person_id, Person.name)
    ).first()
    if (
        row is None
        or not same_name(row.name, name)
        or is_same_person(session, row.person_id, actor.person_id)
    ):
        raise GrantRefused("nobody")
    # What fitted was no guess, even where the grant is refused below.
    take_back(session, who, PER_NUMBER)
    refuse_staff(session, row.person_id, employer_id, on=on)
    _take_turns(session, employer_id)
    _keep_an_owner(session, employer_id, but_account=row.id, unless=kind, until_on=until_on, on=on)
    return add_mandate(
        session, row.id, employer_id, kind, actor=actor, on=on, at=at, until_on=until_on
    )


def refuse_staff(session: Session, person_id: int, employer_id: int, *, on: date) -> None:
    """Refuse somebody who holds a function where the employer lies.

    :raises GrantRefused: "staff".
    """
    if serves_employer(session, duties_of(session, person_id, on=on), employer_id):
        raise GrantRefused("staff")


def revoke_mandate(
    session: Session, employer_id: int, mandate_id: int, *, actor: Actor, on: date, at: datetime
) -> bool:
    """End a mandate at once; return False when the employer has no such open one.

    :raises LastOwner: when nobody would be left who can grant.
    """
    _take_turns(session, employer_id)
    found = session.scalar(
        select(Mandate).where(
            Mandate.id == mandate_id,
            Mandate.employer_id == employer_id,
            Mandate.revoked_at.is_(None),
        )
    )
    if found is None:
        return False
    _keep_an_owner(session, employer_id, but_account=found.account_id, on=on)
    _revoke(session, Mandate.id == mandate_id, actor=actor, at=at)
    record_activity(session, "mandate.revoked", actor=actor, at=at, subject=("mandate", mandate_id))
    _tell(session, MANDATE_REVOKED, found, at)
    return True


def hand_over_mandates(
    session: Session,
    from_account_id: int,
    to_account_id: int,
    *,
    actor: Actor,
    on: date,
    at: datetime,
) -> None:
    """Let one account of a person hold what another of theirs held; of two the wider one."""
    held, own = (
        session.scalars(
            select(Mandate).where(
                Mandate.account_id == account_id,
                Mandate.revoked_at.is_(None),
                or_(Mandate.until_on.is_(None), Mandate.until_on >= on),
            )
        ).all()
        for account_id in (from_account_id, to_account_id)
    )
    present = {mandate.employer_id: mandate for mandate in own}
    for mandate in held:
        # Of two the wider one: joining two registrations takes no right away.
        if not _reaches(present.get(mandate.employer_id), mandate):
            given = (to_account_id, mandate.employer_id, mandate.kind)
            add_mandate(session, *given, actor=actor, on=on, at=at, until_on=mandate.until_on)
    _revoke(session, Mandate.account_id == from_account_id, actor=actor, at=at)


def _reaches(own: Mandate | None, other: Mandate) -> bool:
    """Return whether a mandate lets do what another does; of the same kind, as long as it does."""
    if own is None or own.kind is not other.kind:
        return own is not None and own.kind.covers(other.kind)
    # An owner without an end would else become one who is gone after a day: perhaps the last.
    return own.until_on is None or (other.until_on is not None and own.until_on >= other.until_on)


def take_back_mandates(
    session: Session,
    stood_id: int,
    former_id: int,
    joined_at: datetime,
    *,
    actor: Actor,
    on: date,
    at: datetime,
) -> None:
    """Let two accounts that had become one hold again what each held when they were joined.

    What was granted since stays where it is: it was given to whoever signed in there.
    """
    came = session.scalars(
        select(Mandate).where(
            Mandate.account_id == stood_id,
            Mandate.granted_at == joined_at,
            Mandate.revoked_at.is_(None),
        )
    ).all()
    for mandate in came:
        _revoke(session, Mandate.id == mandate.id, actor=actor, at=at)
        # The narrower one of their own that it had replaced.
        # Joining revoked it at that very instant: only so is it told from what was revoked
        # before.
        own = session.scalar(
            select(Mandate).where(
                Mandate.account_id == stood_id,
                Mandate.employer_id == mandate.employer_id,
                Mandate.revoked_at == joined_at,
            )
        )
        for account_id, held in ((former_id, mandate), (stood_id, own)):
            if held is not None:
                given = (account_id, held.employer_id, held.kind)
                add_mandate(session, *given, actor=actor, on=on, at=at, until_on=held.until_on)


def mandates_of(session: Session, employer_id: int) -> list[Holder]:
    """Return the employer's open mandates, then the ended ones, newest first; one statement."""
    rows = session.execute(
        select(Mandate, Person.name, PersonIdentity.number)
        .join(Account, Account.id == Mandate.account_id)
        .join(Person, Person.id == Account.person_id)
        .join(PersonIdentity, PersonIdentity.person_id == Account.person_id)
        .where(Mandate.employer_id == employer_id)
        .order_by(Mandate.revoked_at.is_not(None), Mandate.granted_at.desc(), Mandate.id.desc())
        .limit(_SHOWN)
    )
    return [Holder(*row) for row in rows]


def remind_of_mandates(session: Session, *, on: date, at: datetime) -> int:
    """Tell holders whose mandate ends soon; return how many. The caller commits."""
    soon = Mandate.until_on.between(on, last_reminded(MANDATE_ENDING, on))
    ends = session.scalars(
        select(Mandate.until_on).where(Mandate.revoked_at.is_(None), soon).distinct()
    )
    return sum(_remind(session, until_on, on, at) for until_on in ends.all() if until_on)


def _remind(session: Session, until_on: date, on: date, at: datetime) -> int:
    notified_on = reminded_on(MANDATE_ENDING, until_on, on)
    if notified_on is None:
        return 0
    holders = (
        select(
            Person.region_code,
            subject_of("mandate", Mandate.id),
            day_of(notified_on),
            Person.id,
            Mandate.until_on,
        )
        .join_from(Mandate, Account, Account.id == Mandate.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(Mandate.revoked_at.is_(None), Mandate.until_on == until_on)
    )
    return notify_each(session, MANDATE_ENDING, holders, at=at)


def _tell(session: Session, kind: MessageKind, mandate: Mandate, at: datetime) -> None:
    holder = session.execute(
        select(Person.id, Person.region_code)
        .join(Account, Account.person_id == Person.id)
        .where(Account.id == mandate.account_id)
    ).one()
    notify(
        session,
        kind,
        holder.id,
        region_code=holder.region_code,
        subject=("mandate", mandate.id),
        until_on=mandate.until_on,
        at=at,
    )


def _revoke(session: Session, *which: ColumnElement[bool], actor: Actor, at: datetime) -> None:
    session.execute(
        update(Mandate)
        .where(*which, Mandate.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by_account_id=actor.account_id)
    )


def _take_turns(session: Session, employer_id: int) -> None:
    """Let one at a time change who acts for an employer, until commit.

    Two owners who revoke each other at once would each find the other left, and leave none.
    """
    employer = select(Employer.id).where(Employer.id == employer_id)
    # Not the key itself: whoever writes a row of the employer's refers to it, and need not wait.
    session.execute(employer.with_for_update(key_share=True))


def _keep_an_owner(
    session: Session,
    employer_id: int,
    *,
    but_account: int,
    on: date,
    unless: MandateKind | None = None,
    until_on: date | None = None,
) -> None:
    # Granting the same again without an end takes nothing away.
    if unless is MandateKind.OWNER and until_on is None:
        return
    owners = (
        Mandate.employer_id == employer_id,
        Mandate.kind == MandateKind.OWNER,
        Mandate.revoked_at.is_(None),
        or_(Mandate.until_on.is_(None), Mandate.until_on >= on),
    )
    whose = session.execute(select(Mandate.account_id, Mandate.until_on).where(*owners)).all()
    held = any(account_id == but_account for account_id, _until in whose)
    # Who is owner until a day is gone after it: only one without an end keeps the employer in hand.
    left = [holder for holder, until in whose if holder != but_account and until is None]
    if held and not left:
        raise LastOwner("last_owner")
