"""Sign in with citizen ID number and password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.account import account_of
from siweb.auth.credentials.activate import AccountClosed
from siweb.auth.credentials.attempt import Attempt
from siweb.auth.credentials.password import password_matches
from siweb.auth.credentials.throttle import (
    PER_ADDRESS,
    PER_NUMBER,
    PER_NUMBER_ANYWHERE,
    forget,
    reserve,
    take_back,
)
from siweb.auth.sign_in.own import note_try, take_back_try
from siweb.auth.sign_in.sessions import is_own_device
from siweb.auth.tables.account import Account
from siweb.db.sealing.field_keys import number_digest
from siweb.registry.tables.former_number import person_digested
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal


class SignInRefused(Refusal):
    """When number or password is wrong, or there is no such account: never said which."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """A try that is counted; only with it does anybody get a password compared."""

    attempt: Attempt
    is_own_device: bool
    account_id: int | None
    password_hash: str | None
    # Noted as refused until the password turns out to fit.
    try_id: int | None = None


def reserve_sign_in(session: Session, attempt: Attempt, *, at: datetime) -> Reserved:
    """Count a try; the caller commits before the password is compared.

    Wrong passwords for a number are counted line by line, so that a stranger's guesses pause the
    stranger. A browser that was signed in to this account before is counted by itself: not even
    guesses over many lines, which pause the number everywhere, keep its owner out.

    :raises SignInPaused: while the number, here or everywhere, or the address is paused.
    """
    person_id = person_digested(number_digest(attempt.id_number))
    asked = account_of(person_id).with_only_columns(Account.id, Account.password_hash)
    row = session.execute(asked).first()
    account_id, password_hash = row or (None, None)
    is_own = account_id is not None and is_own_device(session, account_id, attempt.device_token)
    if is_own:
        limits = {attempt.device_hash: PER_NUMBER}
    else:
        limits = {
            attempt.line_hash: PER_NUMBER,
            attempt.number_hash: PER_NUMBER_ANYWHERE,
            attempt.address_hash: PER_ADDRESS,
        }
    reserve(session, limits, at=at)
    noted = None if account_id is None else note_try(session, account_id, attempt, at=at)
    return Reserved(attempt, is_own, account_id, password_hash, noted)


def sign_in(session: Session, reserved: Reserved, password: str, *, at: datetime) -> Account:
    """Return the account that a number and a password open; the try stays counted otherwise.

    :raises SignInRefused: in the same words for an unknown number and for a wrong password.
    :raises AccountClosed: when both fit, and the person is registered as dead.
    """
    # Before the first statement: comparing takes long, and SQLite has one writer at a time.
    if not password_matches(reserved.password_hash, password):
        raise SignInRefused("does_not_fit")
    assert reserved.account_id is not None
    # A password changed while this one was compared ended all sign-ins but the one to come: the
    # lock waits for the change, and what was compared must still be the password.
    account = session.get_one(
        Account, reserved.account_id, with_for_update=True, populate_existing=True
    )
    if account.password_hash != reserved.password_hash:
        raise SignInRefused("does_not_fit")
    _count_as_success(session, reserved)
    if reserved.try_id is not None:
        take_back_try(session, account.id, reserved.try_id, at=at)
    if session.get_one(Person, account.person_id).died_on is not None:
        raise AccountClosed("died")
    record_activity(
        session,
        "account.signed_in",
        actor=Actor(account.id, account.person_id),
        at=at,
        subject=("account", account.id),
        person_id=account.person_id,
    )
    return account


def _count_as_success(session: Session, reserved: Reserved) -> None:
    attempt = reserved.attempt
    if reserved.is_own_device:
        # The number stays paused for others: its owner's coming gives a stranger no new tries.
        forget(session, (attempt.device_hash,))
    else:
        forget(session, (attempt.line_hash,))
        # What others guessed over their lines stays counted: the owner's coming gives them nothing.
        take_back(session, attempt.number_hash, PER_NUMBER_ANYWHERE)
        take_back(session, attempt.address_hash, PER_ADDRESS)
