"""Means of signing in beside the password: what is noted of them, and who is told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.tables.account import Account
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.registry.tables.person import Person


@dataclass(frozen=True, slots=True)
class Means:
    """A "passkey" or a "link" of an account, by its number."""

    kind: str
    id: int


def note_means(
    session: Session, account: Account, means: Means, action: str, *, at: datetime
) -> None:
    """Note in the activity log what its owner did with it."""
    record_activity(
        session,
        action,
        actor=Actor(account.id, account.person_id),
        at=at,
        subject=("account", account.id),
        person_id=account.person_id,
        facts={means.kind: means.id},
    )


def tell_owner(
    session: Session, account: Account, means: Means, kind: MessageKind, *, at: datetime
) -> None:
    """Tell the owner what became of it, so that a stranger's deed is noticed."""
    region = session.get_one(Person, account.person_id).region_code
    subject = (means.kind, means.id)
    notify(session, kind, account.person_id, region_code=region, subject=subject, at=at)


def tell_of_new_device(
    session: Session,
    account: Account,
    means: Means,
    kind: MessageKind,
    sign_in_id: int,
    *,
    at: datetime,
) -> None:
    """Tell the owner when a browser came by it that never signed in to the account before."""
    here = session.get_one(SignInSession, sign_in_id)
    before = select(SignInSession.id).where(
        SignInSession.account_id == account.id,
        SignInSession.device_hash == here.device_hash,
        SignInSession.id != sign_in_id,
    )
    if session.scalar(before.limit(1)) is None:
        tell_owner(session, account, means, kind, at=at)
