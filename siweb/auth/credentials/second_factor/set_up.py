"""Set up a second factor, and take away one that is lost."""

from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.end_access import end_access, forget_passkeys
from siweb.auth.credentials.second_factor.recovery import forget_codes, renew_codes
from siweb.auth.credentials.second_factor.totp import matching_step
from siweb.auth.tables.account import Account
from siweb.auth.tables.second_factor import SecondFactor
from siweb.auth.tables.sign_in_session import EndReason
from siweb.messages.kinds.sign_in import FACTOR_SET_UP
from siweb.messages.notify import notify
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal

# The step before every code.
_NO_STEP = -1


class SetUpRefused(Refusal):
    """When the code is not the one that the app should show."""


class ResetRefused(Refusal):
    """When there is "no_factor" to take away."""


def require_shown(secret: str, typed: str, *, at: datetime) -> int:
    """Return the time step of a code that an app with the secret shows.

    :raises SetUpRefused: when it shows another.
    """
    step = matching_step(secret, typed, at=at, after=_NO_STEP)
    if step is None:
        raise SetUpRefused("does_not_fit")
    return step


def set_up(
    session: Session, account_id: int, secret: str, typed: str, *, key: str, at: datetime
) -> list[str]:
    """Set up the secret that the app has, or replace the one before; return new recovery codes.

    :raises SetUpRefused: when the code is another: the app has not read the secret, or its clock
        is wrong.
    """
    # Before anything is written: an app that did not read the secret would lock its owner out.
    step = require_shown(secret, typed, at=at)
    # Locked: of two devices set up at once the second replaces the first, with its codes.
    account = session.get_one(Account, account_id, with_for_update=True)
    factor = session.get(SecondFactor, account_id)
    if factor is None:
        factor = SecondFactor(account_id=account_id)
        session.add(factor)
    factor.secret, factor.last_step, factor.set_up_at = secret, step, at
    session.flush()
    codes = renew_codes(session, account_id, key=key)
    note_change(session, account, "second_factor.set_up", Actor(account_id, account.person_id), at)
    tell_of_set_up(session, account, at=at)
    return codes


def tell_of_set_up(session: Session, account: Account, *, at: datetime) -> None:
    """Tell the owner, so that a factor which somebody else set up is noticed."""
    notify(
        session,
        FACTOR_SET_UP,
        account.person_id,
        region_code=session.get_one(Person, account.person_id).region_code,
        subject=("account", account.id),
        at=at,
    )


def reset(session: Session, account_id: int, *, actor: Actor, at: datetime) -> None:
    """Take a lost factor away: its owner signs in anew and sets up another one.

    :raises ResetRefused: "no_factor" when there is none.
    """
    account = session.get_one(Account, account_id, with_for_update=True)
    factor = session.get(SecondFactor, account_id)
    has_passkeys = forget_passkeys(session, account_id, second_factors=True)
    if factor is not None:
        session.delete(factor)
    elif not has_passkeys:
        raise ResetRefused("no_factor")
    # They stand in for the factor that is gone: no lost paper opens the next one.
    forget_codes(session, account_id)
    # Whoever has the lost device may be signed in with it.
    end_access(session, account_id, reason=EndReason.REVOKED, at=at)
    note_change(session, account, "second_factor.reset", actor, at)


def note_change(
    session: Session, account: Account, action: str, actor: Actor, at: datetime
) -> None:
    """Note what became of somebody's factor, never its secret."""
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("account", account.id),
        person_id=account.person_id,
    )
