"""Two accounts that had become one are two again: each opens by its own number alone."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.credentials.end_access import end_access, forget_passkeys
from siweb.auth.tables.account import Account
from siweb.auth.tables.sign_in_session import EndReason

# No hash of a password: nobody signs in with it before an activation code set one.
_NO_PASSWORD = ""


def separate_accounts(
    session: Session, former_id: int, person_id: int, *, joined_at: datetime, at: datetime
) -> tuple[int, int] | None:
    """Return the accounts of the key that stood and of the one that is separated, if both are.

    Sign-ins and tokens of both end, and passkeys of the one that stood are forgotten: nobody can
    tell any more whose device they are on.
    """
    found = {
        account.person_id: account
        for account in session.scalars(
            select(Account).where(Account.person_id.in_((former_id, person_id)))
        )
    }
    for account in found.values():
        end_access(session, account.id, reason=EndReason.REVOKED, at=at)
    stood, former = found.get(person_id), found.get(former_id)
    if stood is None:
        return None
    forget_passkeys(session, stood.id, second_factors=False)
    if stood.created_at == joined_at and _is_anothers_password(stood, former):
        # It was opened when the two were joined, with the password of the other one.
        stood.password_hash = _NO_PASSWORD
    return None if former is None else (stood.id, former.id)


def _is_anothers_password(stood: Account, former: Account | None) -> bool:
    """Return whether a password was copied, or changed since by whoever had the copy."""
    is_copied = former is not None and stood.password_hash == former.password_hash
    return is_copied or stood.password_changed_at > stood.created_at
