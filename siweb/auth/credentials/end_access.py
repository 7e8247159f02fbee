"""End what lets somebody into an account: sign-ins of other browsers, and tokens of programs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from siweb.auth.tables.account import Account
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.linked_sign_in import LinkedSignIn
from siweb.auth.tables.passkey import Passkey
from siweb.auth.tables.sign_in_session import EndReason, SignInSession
from siweb.registry.person_keys import is_of


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sign-ins and how many tokens were ended, for the sentence that says so."""

    sign_ins: int
    tokens: int


def end_access(
    session: Session,
    account_id: int,
    *,
    reason: EndReason,
    at: datetime,
    but_sign_in: int | None = None,
) -> Ended:
    """End every open sign-in of an account but one, and every token that it issued.

    Whoever had the old password had all that it opens, tokens for programs included: a new password
    that leaves one of them open keeps a thief in.
    """
    sign_ins = update(SignInSession).where(
        SignInSession.account_id == account_id, SignInSession.ended_at.is_(None)
    )
    if but_sign_in is not None:
        sign_ins = sign_ins.where(SignInSession.id != but_sign_in)
    # Another office's token opens nothing of an account: who gave it saw the secret once.
    tokens = update(ApiToken).where(
        ApiToken.account_id == account_id,
        ApiToken.employer_id.is_not(None),
        ApiToken.revoked_at.is_(None),
    )
    return Ended(
        _count(session.execute(sign_ins.values(ended_at=at, end_reason=reason))),
        _count(session.execute(tokens.values(revoked_at=at))),
    )


def end_access_of(session: Session, person_id: int, *, reason: EndReason, at: datetime) -> None:
    """End every sign-in and token of a person, who may have no account."""
    accounts = session.scalars(select(Account.id).where(is_of(Account.person_id, person_id)))
    for account_id in accounts.all():
        end_access(session, account_id, reason=reason, at=at)


def forget_passkeys(session: Session, account_id: int, *, second_factors: bool) -> bool:
    """Delete the passkeys that are second factors, or those that only sign in; say if any was."""
    gone = delete(Passkey).where(
        Passkey.account_id == account_id, Passkey.is_second_factor.is_(second_factors)
    )
    return _count(session.execute(gone)) > 0


def forget_links(session: Session, account_id: int) -> None:
    """Unlink what else signs in to an account."""
    session.execute(delete(LinkedSignIn).where(LinkedSignIn.account_id == account_id))


def _count(result: Any) -> int:
    return int(cast("CursorResult[Any]", result).rowcount)
