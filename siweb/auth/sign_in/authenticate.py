"""Sign in with citizen ID number and password."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.attempt import Attempt, SignInPaused
from siweb.auth.credentials.password import password_matches
from siweb.auth.credentials.throttle import forget_failures, note_failure, paused_until
from siweb.auth.sign_in.sessions import is_known_device
from siweb.auth.tables.account import Account
from siweb.registry.tables.person import Person


class SignInRefused(Exception):
    """The number or the password is wrong, or there is no such account: never said which."""


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
