"""Challenges: random, for one attempt and one purpose, answered once and within minutes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session
from webauthn.helpers import generate_challenge

from siweb.auth.credentials.keyed_hash import token_hash
from siweb.auth.tables.passkey import PasskeyChallenge
from siweb.rules.errors import Refusal

# The time that WebAuthn recommends where the person has to prove who they are.
LASTS = timedelta(minutes=5)


class Purpose(StrEnum):
    ADD = "add"
    PROVE = "prove"
    SIGN_IN = "sign_in"


class PasskeyRefused(Refusal):
    """When an answer does not fit, for whatever reason: never said which."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The office as devices know it, from its public address: they answer to nobody else."""

    id: str
    origin: str


def issue_challenge(session: Session, purpose: Purpose, attempt: str, *, at: datetime) -> bytes:
    """Return what a device is to sign for an attempt: the token of a sign-in, or of one to come."""
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= at))
    challenge = generate_challenge()
    session.add(
        PasskeyChallenge(
            digest=_digest(challenge),
            bound_to=token_hash(attempt),
            purpose=purpose.value,
            expires_at=at + LASTS,
        )
    )
    session.flush()
    return challenge


def use_challenge(
    session: Session, purpose: Purpose, attempt: str, challenge: bytes, *, at: datetime
) -> None:
    """Use a challenge up; commit before the answer is looked at, so that it is good for one.

    :raises PasskeyRefused: when it was not made for this attempt, was used, or is too old.
    """
    row = PasskeyChallenge
    used = session.execute(
        delete(row).where(
            row.digest == _digest(challenge),
            row.bound_to == token_hash(attempt),
            row.purpose == purpose.value,
            row.expires_at > at,
        )
    )
    # Deleted and counted in one statement: of two answers to one challenge the second finds none.
    if cast("CursorResult[Any]", used).rowcount != 1:
        raise PasskeyRefused("does_not_fit")


def _digest(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()
