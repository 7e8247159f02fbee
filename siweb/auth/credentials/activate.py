"""First use: ID number, name and a one-time code from the agency open an account."""

import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.account import change_password, create_account
from siweb.auth.credentials.attempt import Attempt, SignInPaused
from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.auth.credentials.password import check_new_password
from siweb.auth.credentials.throttle import forget_failures, note_failure, paused_until
from siweb.auth.tables.account import Account
from siweb.auth.tables.activation_code import ActivationCode
from siweb.db.reference_code import new_reference, normalise
from siweb.registry.tables.person import Person

CODE_LENGTH = 8
CODE_LASTS = timedelta(days=30)
CODE_TRIES = 5
# All of these are written between the parts of a name; registers differ in which.
_DOTS = str.maketrans(dict.fromkeys("·•・．.‧∙", "·") | dict.fromkeys("\u00a0\u3000 \t"))


class ActivationRefused(Exception):
    """Number, name and code do not belong together: never said which is wrong."""


def issue_activation_code(
    session: Session, person_id: int, *, key: str, at: datetime, actor: Actor
) -> str:
    """Return a new one-time code for a person; the agency hands it over with the ID shown."""
    code = new_reference(CODE_LENGTH)
    session.add(
        ActivationCode(
            person_id=person_id,
            code_hash=_code_hash(key, person_id, code),
            issued_at=at,
            expires_at=at + CODE_LASTS,
        )
    )
    record_activity(
        session,
        "activation_code.issued",
        actor=actor,
        at=at,
        subject=("person", person_id),
        person_id=person_id,
    )
    session.flush()
    return code


def activate(
    session: Session, attempt: Attempt, *, name: str, code: str, password: str, at: datetime
) -> Account:
    """Return the account, made or given a new password by a code. The caller commits always.

    :raises SignInPaused: after too many failures.
    :raises ActivationRefused: when number, name and code do not belong together.
    :raises PasswordRefused: when the password must not be used; the code stays good.
    """
    # A code is proof enough to open a paused number; only the address is held up.
    if until := paused_until(session, (attempt.address_hash,), at=at):
        raise SignInPaused(until)
    person = session.scalar(select(Person).where(Person.id_number == attempt.id_number))
    found = _open_code(session, attempt.key, person, code, at)
    if person is None or found is None or not same_name(person.name, name):
        note_failure(session, (attempt.number_hash, attempt.address_hash), at=at)
        raise ActivationRefused
    check_new_password(password, person.id_number)
    found.used_at = at
    forget_failures(session, attempt.number_hash)
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None:
        account = create_account(session, person.id, password, at=at)
    else:
        change_password(session, account, password, at=at)
    record_activity(
        session,
        "account.activated",
        actor=Actor(account.id, person.id),
        at=at,
        subject=("account", account.id),
        person_id=person.id,
    )
    return account


def same_name(one: str, other: str) -> bool:
    """Return whether two names are the same but for spaces, width and the kind of middle dot."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).translate(_DOTS).casefold()


def _open_code(
    session: Session, key: str, person: Person | None, code: str, at: datetime
) -> ActivationCode | None:
    if person is None:
        return None
    codes = session.scalars(
        select(ActivationCode).where(
            ActivationCode.person_id == person.id,
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at > at,
            ActivationCode.tries < CODE_TRIES,
        )
    ).all()
    wanted = _code_hash(key, person.id, normalise(code))
    for one in codes:
        if one.code_hash == wanted:
            return one
        one.tries += 1
    return None


def _code_hash(key: str, person_id: int, code: str) -> str:
    return keyed_hash(key, "activation_code", f"{person_id}:{code}")
