"""Open an account, and set its password."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.end_access import Ended, end_access
from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.auth.credentials.password import check_new_password, hash_password, password_matches
from siweb.auth.credentials.throttle import PER_NUMBER, forget, reserve
from siweb.auth.tables.account import Account
from siweb.auth.tables.sign_in_session import EndReason
from siweb.messages.kinds.sign_in import PASSWORD_CHANGED
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of, is_same_person
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.rules.errors import Refusal


class PresentPasswordWrong(Refusal):
    """When the password that was to be replaced is another one."""


def account_of(person_id: Any) -> Select[Account]:
    """Return the question for a person's account, by any of their keys; one or none.

    Of two that were opened before two registrations became one person, it is that of the key which
    stands: everything leads there.
    """
    stands = Account.person_id.not_in(select(PersonAlias.former_id))
    return (
        select(Account)
        .where(is_of(Account.person_id, person_id))
        .order_by(stands.desc(), Account.id.desc())
        .limit(1)
    )


def is_account_of(session: Session, account_id: int | None, actor: Actor) -> bool:
    """Return whether an account is the actor's, also where they have two, under two keys.

    Whoever asks whether a second person acts asks so: one person has one pair of eyes.
    """
    if account_id is None or account_id == actor.account_id:
        return account_id is not None
    account = session.get(Account, account_id)
    return account is not None and is_same_person(session, account.person_id, actor.person_id)


def create_account(session: Session, person_id: int, password: str, *, at: datetime) -> Account:
    """Return a new account of a person."""
    account = Account(
        person_id=person_id,
        password_hash=hash_password(password),
        created_at=at,
        password_changed_at=at,
    )
    session.add(account)
    session.flush()
    return account


def change_password(
    session: Session,
    account: Account,
    password: str,
    *,
    at: datetime,
    but_sign_in: int | None = None,
) -> Ended:
    """Set a new password; end every other sign-in and every token of the account.

    The sign-in from which the owner changed it is kept; an activation code keeps none.
    """
    account.password_hash = hash_password(password)
    account.password_changed_at = at
    # Before the sign-ins are ended: a sign-in under way locks the account, and sees it changed.
    session.flush()
    ended = end_access(
        session, account.id, reason=EndReason.PASSWORD_CHANGED, at=at, but_sign_in=but_sign_in
    )
    record_activity(
        session,
        "account.password_changed",
        actor=Actor(account.id, account.person_id),
        at=at,
        subject=("account", account.id),
        person_id=account.person_id,
        facts={"ended_sign_ins": ended.sign_ins, "ended_tokens": ended.tokens},
    )
    return ended


def reserve_change(session: Session, account_id: int, *, key: str, at: datetime) -> str:
    """Count a try to name the present password; commit before it is compared.

    A browser left open must not become a place where the password is guessed.

    :raises SignInPaused: after five failures.
    """
    who = keyed_hash(key, "password_change", str(account_id))
    reserve(session, {who: PER_NUMBER}, at=at)
    return who


def confirm_password(session: Session, account_id: int, reserved: str, present: str) -> Account:
    """Return the account of somebody who names its password; the try is reserved.

    :raises PresentPasswordWrong: when it is another.
    """
    account = session.get_one(Account, account_id)
    if not password_matches(account.password_hash, present):
        raise PresentPasswordWrong("present_password")
    forget(session, (reserved,))
    return account


def replace_password(
    session: Session,
    account_id: int,
    reserved: str,
    *,
    present: str,
    new: str,
    sign_in_id: int,
    at: datetime,
) -> Ended:
    """Change the password of somebody who names the present one.

    :raises PresentPasswordWrong: when it is another.
    :raises PasswordRefused: when the new one must not be used.
    """
    # Locked and read anew: of two changes at once the second must meet the first one's password.
    account = session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    if not password_matches(account.password_hash, present):
        raise PresentPasswordWrong("present_password")
    forget(session, (reserved,))
    person = session.get_one(Person, account.person_id)
    check_new_password(new, person.id_number, present_hash=account.password_hash)
    notify(
        session,
        PASSWORD_CHANGED,
        person.id,
        region_code=person.region_code,
        subject=("account", account_id),
        at=at,
    )
    return change_password(session, account, new, at=at, but_sign_in=sign_in_id)
