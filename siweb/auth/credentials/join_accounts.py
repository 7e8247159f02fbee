"""Two accounts of one person become one: that of the key that stands; both numbers lead there."""

from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from siweb.auth.credentials.end_access import end_access
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment
from siweb.auth.tables.linked_sign_in import LinkedSignIn
from siweb.auth.tables.passkey import Passkey
from siweb.auth.tables.sign_in_session import EndReason


def join_accounts(
    session: Session, former_id: int, person_id: int, *, at: datetime
) -> tuple[int, int] | None:
    """Return the accounts of the former key and of the one that stands; None without the former's.

    A person who had only the former's goes on with its password. Sign-ins and tokens of the
    former's end.
    """
    former = session.scalar(select(Account).where(Account.person_id == former_id))
    if former is None:
        return None
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    if account is None:
        # Not moved: what the log says of the former account stays true of it.
        account = Account(
            person_id=person_id,
            password_hash=former.password_hash,
            created_at=at,
            password_changed_at=former.password_changed_at,
        )
        session.add(account)
        session.flush()
    # What signs in to the former signs in to the one that stands.
    session.execute(
        update(Passkey)
        .where(Passkey.account_id == former.id, Passkey.is_second_factor.is_(False))
        .values(account_id=account.id)
    )
    # Of one provider an account has one sign-in: the former's go where there is none.
    there = select(LinkedSignIn.issuer).where(LinkedSignIn.account_id == account.id)
    session.execute(
        update(LinkedSignIn)
        .where(LinkedSignIn.account_id == former.id, LinkedSignIn.issuer.not_in(there))
        .values(account_id=account.id)
        .execution_options(synchronize_session=False)
    )
    end_access(session, former.id, reason=EndReason.REVOKED, at=at)
    return former.id, account.id


def holds_function(session: Session, keys: tuple[int, ...], *, on: date) -> bool:
    """Return whether somebody of these holds a function at the desk, or will."""
    held = select(Appointment.id).where(
        Appointment.person_id.in_(keys),
        Appointment.ended_at.is_(None),
        or_(Appointment.until_on.is_(None), Appointment.until_on >= on),
    )
    return session.scalar(held.limit(1)) is not None
