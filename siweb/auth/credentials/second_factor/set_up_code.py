"""The code without which nobody sets up a first second factor: given in person, good once.

A password alone would let whoever finds it out before its owner came set up a factor of their own,
and keep the owner out.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.account import account_of
from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.auth.credentials.second_factor.held import held_since
from siweb.auth.tables.account import Account
from siweb.auth.tables.activation_code import ActivationCode
from siweb.auth.tables.set_up_code import SetUpCode
from siweb.db.claim import claim
from siweb.db.reference_code import new_reference, normalise
from siweb.messages.kinds.sign_in import SET_UP_CODE_GIVEN, SET_UP_CODE_SPENT
from siweb.messages.notify import notify
from siweb.registry.person_keys import all_keys, is_of
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal

# Ten of 23 characters are 45 bits.
LENGTH = 10
# Long enough for an appointment that begins next week, short enough that none lies about.
LASTS = timedelta(days=14)
# Who copies it from paper needs two or three; each wrong one needs the password before.
MOST_TRIES = 5


class SetUpCodeRefused(Refusal):
    """When a code is not given, or does not fit.

    "died", "has_factor", "gave_activation"; "does_not_fit", for whatever reason.
    """


def issue_set_up_code(
    session: Session, person_id: int, *, key: str, actor: Actor, at: datetime
) -> str:
    """Return a new code for a member of staff, which nobody can read again.

    One that was given before ends.

    :raises SetUpCodeRefused: "died"; "has_factor" when there is nothing to set up, which only two
        people take away; "gave_activation" when whoever gives it holds the password's code as well.
    """
    # Locked: of two who give one at once each would end none of the other's.
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    person = session.get_one(Person, person_id)
    account = session.scalar(account_of(person_id))
    if person.died_on is not None:
        raise SetUpCodeRefused("died")
    if account is not None and held_since(session, account.id) is not None:
        raise SetUpCodeRefused("has_factor")
    if _gave_activation(session, person_id, actor, at):
        raise SetUpCodeRefused("gave_activation")
    ended = update(SetUpCode).where(is_open(person_id, at)).values(expires_at=at)
    session.execute(ended.execution_options(synchronize_session=False))
    code = new_reference(LENGTH)
    given = SetUpCode(
        person_id=person_id,
        code_hash=_hash(key, person_id, code),
        issued_by_person_id=actor.person_id,
        issued_at=at,
        expires_at=at + LASTS,
        tries=0,
    )
    session.add(given)
    session.flush()
    record_activity(
        session,
        "set_up_code.issued",
        actor=actor,
        at=at,
        subject=("person", person_id),
        person_id=person_id,
    )
    notify(
        session,
        SET_UP_CODE_GIVEN,
        person_id,
        region_code=person.region_code,
        subject=("set_up_code", given.id),
        at=at,
    )
    return code


def is_open(person_id: int, at: datetime) -> ColumnElement[bool]:
    """Return the condition that a code of a person waits to be used, whatever was tried."""
    return and_(
        is_of(SetUpCode.person_id, person_id),
        SetUpCode.used_at.is_(None),
        SetUpCode.expires_at > at,
    )


def reserve_code(session: Session, person_id: int, *, at: datetime) -> None:
    """Count a try of a person's open code; commit before it is compared.

    :raises SetUpCodeRefused: "does_not_fit" when there is none, or it was tried too often.
    """
    counted = (
        update(SetUpCode)
        .where(is_open(person_id, at), SetUpCode.tries < MOST_TRIES)
        .values(tries=SetUpCode.tries + 1)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", session.execute(counted)).rowcount == 0:
        raise SetUpCodeRefused("does_not_fit")


def use_code(session: Session, person_id: int, typed: str, *, key: str, at: datetime) -> None:
    """Use a code up, whose try was reserved.

    :raises SetUpCodeRefused: "does_not_fit".
    """
    code = normalise(typed)
    # Given for another registration of the same person it fits as well.
    hashes = [_hash(key, each, code) for each in all_keys(session, person_id)]
    place = (
        update(SetUpCode)
        .where(is_open(person_id, at), SetUpCode.code_hash.in_(hashes))
        .values(used_at=at)
    )
    claim(session, place, otherwise=SetUpCodeRefused("does_not_fit"))


def tell_if_spent(session: Session, account: Account, *, at: datetime) -> None:
    """Tell the owner when a wrong code was the last try: whoever typed it had the password."""
    spent = select(SetUpCode.id).where(
        is_open(account.person_id, at), SetUpCode.tries >= MOST_TRIES
    )
    code_id = session.scalar(spent)
    if code_id is None:
        return
    notify(
        session,
        SET_UP_CODE_SPENT,
        account.person_id,
        region_code=session.get_one(Person, account.person_id).region_code,
        subject=("set_up_code", code_id),
        at=at,
    )


def gave_set_up_code(session: Session, person_id: int, actor: Actor, *, at: datetime) -> bool:
    """Return whether somebody gave a person the set-up code that is open."""
    if actor.person_id is None:
        return False
    mine = select(SetUpCode.id).where(
        is_open(person_id, at), is_of(SetUpCode.issued_by_person_id, actor.person_id)
    )
    return session.scalar(mine.limit(1)) is not None


def _gave_activation(session: Session, person_id: int, actor: Actor, at: datetime) -> bool:
    """Return whether somebody gave a person an activation code that set the password, or may yet.

    With both codes one person could open the account of a colleague, and be their second person.
    """
    if actor.person_id is None:
        return False
    mine = select(ActivationCode.id).where(
        is_of(ActivationCode.person_id, person_id),
        is_of(ActivationCode.issued_by_person_id, actor.person_id),
        or_(ActivationCode.used_at.is_not(None), ActivationCode.expires_at > at),
    )
    return session.scalar(mine.limit(1)) is not None


def _hash(key: str, person_id: int, code: str) -> str:
    return keyed_hash(key, "set_up_code", f"{person_id}:{code}")
