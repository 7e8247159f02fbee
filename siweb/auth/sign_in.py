"""Sign in with citizen ID number and password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.account import Account
from siweb.auth.keyed_hash import keyed_hash
from siweb.auth.password import hash_password, password_matches
from siweb.auth.pause import forget_failures, note_failure, paused_until
from siweb.auth.sessions import is_known_device
from siweb.registry.person import Person


class SignInRefused(Exception):
    """The number or the password is wrong, or there is no such account: never said which."""


class SignInPaused(Exception):
    """Too many failures; `until` says when to try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("paused")
        self.until = until


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries, from where: the key is the office's, for hashes that only it can make."""

    id_number: str
    address: str
    device_token: str
    key: str

    @property
    def number_hash(self) -> str:
        """The keyed hash of the number."""
        return keyed_hash(self.key, "id_number", self.id_number)

    @property
    def device_hash(self) -> str:
        """The keyed hash of the browser's long-lived token."""
        return keyed_hash(self.key, "device", self.device_token)

    @property
    def address_hash(self) -> str:
        """The keyed hash of the address."""
        return keyed_hash(self.key, "address", self.address)


def sign_in(session: Session, attempt: Attempt, password: str, *, at: datetime) -> Account:
    """Return the account that a number and a password open; count a failure otherwise.

    A browser that was signed in to this account before is counted by itself, so that nobody can
    lock its owner out. The caller commits in every case.

    :raises SignInPaused: while the number or the address is paused.
    :raises SignInRefused: in the same words for an unknown number and for a wrong password.
    """
    account = session.scalar(
        select(Account).join(Person).where(Person.id_number == attempt.id_number)
    )
    knows_device = account is not None and is_known_device(
        session, account.id, attempt.device_token
    )
    watched: tuple[str, ...] = (attempt.number_hash, attempt.address_hash)
    if knows_device:
        watched = (attempt.device_hash,)
    if until := paused_until(session, watched, at=at):
        raise SignInPaused(until)
    if not password_matches(account.password_hash if account else None, password):
        note_failure(session, watched, at=at)
        raise SignInRefused
    assert account is not None
    forget_failures(session, attempt.number_hash, attempt.device_hash)
    record_activity(
        session,
        "account.signed_in",
        actor=Actor(account.id, account.person_id),
        at=at,
        subject=("account", account.id),
        person_id=account.person_id,
    )
    return account


def create_account(
    session: Session, person_id: int, password: str, roles: tuple[str, ...] = (), *, at: datetime
) -> Account:
    """Return a new account of a person."""
    account = Account(
        person_id=person_id,
        password_hash=hash_password(password),
        roles=list(roles),
        created_at=at,
        password_changed_at=at,
    )
    session.add(account)
    session.flush()
    return account


def change_password(session: Session, account: Account, password: str, *, at: datetime) -> None:
    """Set a new password."""
    account.password_hash = hash_password(password)
    account.password_changed_at = at
    record_activity(
        session,
        "account.password_changed",
        actor=Actor(account.id, account.person_id),
        at=at,
        subject=("account", account.id),
        person_id=account.person_id,
    )
