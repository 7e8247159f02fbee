"""Tokens with which programs act for an employer, under the mandate of whoever issued them.

Only the hash of a token's secret is kept. It has 256 bits, so that a plain hash is enough.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor, Channel
from siweb.audit.record import record_activity
from siweb.auth.acting import Acting, find_acting
from siweb.auth.tables.account import Account
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.mandate import MandateKind
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person

SCOPES = ("read", "file", "confirm")
_NEEDED = {"read": MandateKind.VIEWER, "file": MandateKind.FILER, "confirm": MandateKind.FILER}
# When a token was used last is noted this often at most.
_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that is good now: for which employer, whose, and what it may."""

    token_id: int
    acting: Acting
    account_id: int
    person_id: int
    scopes: frozenset[str]
    is_to_note: bool

    def as_actor(self) -> Actor:
        """Return who acts: the issuer, through the API, for the employer."""
        return Actor(
            self.account_id,
            self.person_id,
            Channel.API,
            on_behalf_of_employer_id=self.acting.employer_id,
        )


def issue_token(
    session: Session,
    employer_id: int,
    *,
    name: str,
    scopes: Sequence[str],
    expires_on: date,
    actor: Actor,
    at: datetime,
) -> tuple[ApiToken, str]:
    """Return a new token and its secret, which nobody can read again."""
    assert actor.account_id is not None
    secret = new_secret()
    token = ApiToken(
        employer_id=employer_id,
        account_id=actor.account_id,
        name=name,
        secret_hash=secret_hash(secret),
        beginning=beginning_of(secret),
        scopes=[scope for scope in SCOPES if scope in scopes],
        expires_on=expires_on,
        issued_at=at,
    )
    session.add(token)
    # The token's number is part of what is shown once, so it must exist before the commit.
    session.flush()
    record_activity(
        session, "api_token.issued", actor=actor, at=at, subject=("api_token", token.id)
    )
    return token, secret


def revoke_token(
    session: Session, employer_id: int, token_id: int, *, actor: Actor, at: datetime
) -> bool:
    """End a token of the employer; False when there is none that is open."""
    ended = session.execute(
        update(ApiToken)
        .where(
            ApiToken.id == token_id,
            ApiToken.employer_id == employer_id,
            ApiToken.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        return False
    record_activity(
        session, "api_token.revoked", actor=actor, at=at, subject=("api_token", token_id)
    )
    return True


def tokens_of(session: Session, employer_id: int) -> Sequence[ApiToken]:
    """Return an employer's tokens, the newest first."""
    return session.scalars(
        select(ApiToken)
        .where(ApiToken.employer_id == employer_id)
        .order_by(ApiToken.issued_at.desc(), ApiToken.id.desc())
    ).all()


def find_bearer(session: Session, secret: str, *, on: date, at: datetime) -> Bearer | None:
    """Return the token of a secret while it and its issuer's mandate hold; None otherwise."""
    row = session.execute(
        select(ApiToken, Employer.uscc, Account.person_id)
        .join(Employer, Employer.id == ApiToken.employer_id)
        .join(Account, Account.id == ApiToken.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(
            # Else the program of somebody who died would go on filing in their name.
            Person.died_on.is_(None),
            ApiToken.secret_hash == secret_hash(secret),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_on >= on,
        )
    ).first()
    if row is None:
        return None
    token, uscc, person_id = row
    acting = find_acting(session, token.account_id, uscc, on=on)
    if acting is None:
        return None
    # A token does no more than its issuer may today: a mandate may have been granted anew for less.
    scopes = frozenset(scope for scope in token.scopes if acting.kind.covers(_NEEDED[scope]))
    noted = is_to_note(token.last_used_at, at)
    return Bearer(token.id, acting, token.account_id, person_id, scopes, noted)


def note_use(session: Session, token_id: int, *, at: datetime) -> None:
    """Note that a token was used; the caller commits."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=at))


def is_to_note(last_used_at: datetime | None, at: datetime) -> bool:
    """Return whether a use is noted: programs ask many times a second, SQLite has one writer."""
    return last_used_at is None or at - last_used_at >= _NOTED_EVERY


def new_secret() -> str:
    """Return a new secret."""
    return f"siweb_{secrets.token_urlsafe(32)}"


def beginning_of(secret: str) -> str:
    """Return enough to tell tokens apart; what is left to guess still has more than 230 bits."""
    return secret[: len("siweb_") + 4]


def secret_hash(secret: str) -> str:
    """Return what is kept of a secret."""
    # A header may hold half of a surrogate pair: that is no token, and no failure of ours.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
