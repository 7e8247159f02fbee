"""Sign-ins of who runs commands: shown to their owner beside those of browsers, and ended there."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.credentials.keyed_hash import token_hash
from siweb.auth.tables.account import Account
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.messages.kinds.sign_in import OPERATOR_SIGNED_IN
from siweb.messages.notify import notify
from siweb.registry.tables.person import Person

# Half a working day: a levy with what comes before it, and nobody's evening.
LASTS = timedelta(hours=4)
# A browser's token lies readable in its cookie: it must not be good for commands, nor theirs there.
_PURPOSE = "operator:"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs a command, by the sign-in that proves it."""

    session_id: int
    account_id: int
    person_id: int
    proved_at: datetime | None


def open_operator_session(
    session: Session, account: Account, *, host: str, at: datetime
) -> tuple[str, int]:
    """Return the token of a new sign-in, of which only a hash is kept, and the sign-in's number.

    Its owner is told: whoever has password and code as well sees no page on which it would show.
    """
    token = secrets.token_urlsafe(32)
    opened = SignInSession(
        token_hash=token_hash(_PURPOSE + token),
        account_id=account.id,
        # Known to nobody: no browser is the owner's for having this one.
        device_hash=token_hash(secrets.token_urlsafe(32)),
        created_at=at,
        last_seen_at=at,
        expires_at=at + LASTS,
        device=f"siweb · {host}"[:80],
        network="",
    )
    session.add(opened)
    session.flush()
    notify(
        session,
        OPERATOR_SIGNED_IN,
        account.person_id,
        region_code=session.get_one(Person, account.person_id).region_code,
        subject=("sign_in", opened.id),
        at=at,
    )
    return token, opened.id


def find_operator(
    session: Session, token: str, *, idle: timedelta, at: datetime
) -> Operator | None:
    """Return whose token it is, None when the sign-in ended or never was one for commands.

    It ends unused as a browser's does: its owner's list of sign-ins says the same of both.
    """
    found = session.execute(
        select(
            SignInSession.id,
            SignInSession.account_id,
            Account.person_id,
            SignInSession.proved_at,
        )
        .join(Account, Account.id == SignInSession.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(
            SignInSession.token_hash == token_hash(_PURPOSE + token),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > at,
            SignInSession.last_seen_at > at - idle,
            Person.died_on.is_(None),
        )
    ).first()
    return None if found is None else Operator(*found)
