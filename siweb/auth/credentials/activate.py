"""First use: ID number, name and an activation code from the agency open an account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.account import account_of, change_password, create_account
from siweb.auth.credentials.attempt import Attempt
from siweb.auth.credentials.end_access import Ended, forget_links, forget_passkeys
from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.auth.credentials.password import check_new_password
from siweb.auth.credentials.second_factor.set_up_code import gave_set_up_code
from siweb.auth.credentials.throttle import (
    PER_ADDRESS,
    PER_CODE,
    forget,
    reserve,
    take_back,
)
from siweb.auth.tables.account import Account
from siweb.auth.tables.activation_code import ActivationCode
from siweb.db.claim import claim
from siweb.db.reference_code import new_reference, normalise
from siweb.messages.kinds.sign_in import ACCOUNT_OPENED, ACTIVATION_ISSUED, ACTIVATION_USED
from siweb.messages.notify import notify
from siweb.registry.person_keys import all_keys, is_of
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.rules.identifiers.typed_text import unicode_form

# Eight of 23 characters are 36 bits: with the throttle's pauses beyond any guessing.
CODE_LENGTH = 8
CODE_LASTS = timedelta(days=30)
# All of these are written between the parts of a name; registers differ in which.
_DOTS = str.maketrans(dict.fromkeys("·•・．.‧∙", "·") | dict.fromkeys("\u00a0\u3000 \t"))


class ActivationRefused(Refusal):
    """When number, name and code do not belong together: never said which is wrong."""


class AccountClosed(Refusal):
    """When everything fits, but the register says that the person has died."""


class CodeRefused(Refusal):
    """When whoever would give the code "gave_set_up_code": both would open a colleague's desk."""


@dataclass(frozen=True, slots=True)
class Activated:
    """An account, and what its new password ended; None when the account is new."""

    account: Account
    ended: Ended | None


def issue_activation_code(
    session: Session, person_id: int, *, key: str, at: datetime, actor: Actor, handed: str = ""
) -> str:
    """Return a new activation code for a person, how it reaches them being `handed`.

    One that was issued before and not used ends, so that no forgotten letter opens an account.
    Whoever has an account is told, since the code could give it another password.

    :raises CodeRefused: "gave_set_up_code".
    """
    if gave_set_up_code(session, person_id, actor, at=at):
        raise CodeRefused("gave_set_up_code")
    _end_open_codes(session, person_id, at)
    code = new_reference(CODE_LENGTH)
    session.add(
        ActivationCode(
            person_id=person_id,
            code_hash=_code_hash(key, person_id, code),
            issued_by_person_id=actor.person_id,
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
        facts={"handed": handed} if handed else None,
    )
    session.flush()
    _tell_of_code(session, person_id, at)
    return code


def reserve_activation(session: Session, attempt: Attempt, *, at: datetime) -> None:
    """Count a try of number, name and code; commit before they are compared.

    The number itself is not watched: a code is proof enough to open one that is paused, and nobody
    can keep its owner out by guessing.

    :raises SignInPaused: after too many failures.
    """
    limits = {attempt.code_hash: PER_CODE, attempt.address_hash: PER_ADDRESS}
    reserve(session, limits, at=at)


def activate(
    session: Session, attempt: Attempt, *, name: str, code: str, password: str, at: datetime
) -> Activated:
    """Return the account, made or given a new password by a code; its try is reserved.

    :raises ActivationRefused: when number, name and code do not belong together.
    :raises AccountClosed: when they do, and the person is registered as dead.
    :raises PasswordRefused: when the password must not be used; the code stays good.
    """
    person = session.scalar(select(Person).where(Person.id_number == attempt.id_number))
    found = _open_code(session, attempt.key, person, code, at)
    if person is None or found is None or not same_name(person.name, name):
        raise ActivationRefused("does_not_fit")
    # The agency's code proves more than a password: the pauses of its number end with it.
    forget(session, (attempt.number_hash, attempt.device_hash, attempt.code_hash))
    take_back(session, attempt.address_hash, PER_ADDRESS)
    # After everything fitted: nobody learns of a death by trying numbers.
    if person.died_on is not None:
        raise AccountClosed("died")
    account = session.scalar(account_of(person.id))
    check_new_password(
        password, person.id_number, present_hash=account.password_hash if account else None
    )
    # After the password was checked: a code is not lost over a password that is too short.
    _use_up(session, found, at)
    if account is None:
        activated = Activated(create_account(session, person.id, password, at=at), None)
    else:
        activated = Activated(account, change_password(session, account, password, at=at))
        # Whoever had the old password may have added one; second factors wanted more than that.
        forget_passkeys(session, account.id, second_factors=False)
        forget_links(session, account.id)
    record_activity(
        session,
        "account.activated",
        actor=Actor(activated.account.id, person.id),
        at=at,
        subject=("account", activated.account.id),
        person_id=person.id,
    )
    notify(
        session,
        ACCOUNT_OPENED if activated.ended is None else ACTIVATION_USED,
        person.id,
        region_code=person.region_code,
        subject=("code", found.id),
        at=at,
    )
    return activated


def same_name(name: str, other: str) -> bool:
    """Return whether two names are the same but for spaces, width and the kind of middle dot."""
    return _folded(name) == _folded(other)


def _folded(name: str) -> str:
    return unicode_form("NFKC", name).translate(_DOTS).casefold()


def _open_code(
    session: Session, key: str, person: Person | None, code: str, at: datetime
) -> ActivationCode | None:
    if person is None:
        return None
    # A code that was handed out for another registration of the person opens their account too.
    keys = all_keys(session, person.id)
    hashes = [_code_hash(key, person_id, normalise(code)) for person_id in keys]
    return session.scalar(
        select(ActivationCode).where(
            is_of(ActivationCode.person_id, person.id),
            ActivationCode.code_hash.in_(hashes),
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at > at,
        )
    )


def _end_open_codes(session: Session, person_id: int, at: datetime) -> None:
    session.execute(
        update(ActivationCode)
        .where(
            ActivationCode.person_id == person_id,
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at > at,
        )
        .values(expires_at=at)
    )


def _tell_of_code(session: Session, person_id: int, at: datetime) -> None:
    region = session.scalar(
        select(Person.region_code)
        # Who has no account yet reads no messages here.
        .join(Account, Account.person_id == Person.id)
        .where(Person.id == person_id)
    )
    if region is not None:
        notify(
            session,
            ACTIVATION_ISSUED,
            person_id,
            region_code=region,
            subject=("person", person_id),
            at=at,
        )


def _use_up(session: Session, code: ActivationCode, at: datetime) -> None:
    """Note that a code was used, unless another request did so since it was read."""
    place = (
        update(ActivationCode)
        .where(ActivationCode.id == code.id, ActivationCode.used_at.is_(None))
        .values(used_at=at)
    )
    claim(session, place, otherwise=ActivationRefused("does_not_fit"))


def _code_hash(key: str, person_id: int, code: str) -> str:
    return keyed_hash(key, "activation_code", f"{person_id}:{code}")
