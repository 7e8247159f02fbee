"""Whose account a sign-in at a provider opens: linked by its owner, who is signed in here."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.account import account_of
from siweb.auth.credentials.activate import AccountClosed
from siweb.auth.tables.account import Account
from siweb.auth.tables.linked_sign_in import LinkedSignIn
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.db.sealing.field_keys import field_keys
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.messages.passkey_kinds import LINK_ADDED, LINK_REMOVED, LINK_USED
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal

_DIGEST = 64


class LinkRefused(Refusal):
    """When a sign-in opens "nothing" here, or one is "taken": it, or the account's place for it."""


def link(session: Session, account: Account, issuer: str, subject: str, *, at: datetime) -> None:
    """Let a sign-in at a provider open an account from now on.

    :raises LinkRefused: "taken" when it opens another one, or the account has one of the provider.
    """
    linked = LinkedSignIn(
        account_id=account.id, issuer=issuer, subject_digest=_digest(issuer, subject), linked_at=at
    )
    try:
        # The keys of the table decide between two at the same moment.
        with session.begin_nested():
            session.add(linked)
    except IntegrityError:
        raise LinkRefused("taken") from None
    _note(session, account, linked.id, "link.added", at)
    _tell(session, account, linked.id, LINK_ADDED, at)


def own_links(session: Session, account_id: int) -> list[LinkedSignIn]:
    """Return what opens an account besides, the oldest first."""
    asked = select(LinkedSignIn).where(LinkedSignIn.account_id == account_id)
    return list(session.scalars(asked.order_by(LinkedSignIn.id)))


def unlink(session: Session, account: Account, link_id: int, *, at: datetime) -> bool:
    """Unlink a sign-in; False when the account has none with this number."""
    asked = select(LinkedSignIn).where(
        LinkedSignIn.id == link_id, LinkedSignIn.account_id == account.id
    )
    linked = session.scalar(asked)
    if linked is None:
        return False
    session.delete(linked)
    session.flush()
    _note(session, account, link_id, "link.removed", at)
    _tell(session, account, link_id, LINK_REMOVED, at)
    return True


def sign_in_by_link(
    session: Session, issuer: str, subject: str, *, at: datetime
) -> tuple[Account, LinkedSignIn]:
    """Return whose account a sign-in opens, and the link.

    :raises LinkRefused: "nothing" when it opens none.
    :raises AccountClosed: when it does, and the person is registered as dead.
    """
    linked = session.scalar(
        select(LinkedSignIn).where(
            LinkedSignIn.issuer == issuer,
            LinkedSignIn.subject_digest == _digest(issuer, subject),
        )
    )
    if linked is None:
        raise LinkRefused("nothing")
    owner = session.get_one(Account, linked.account_id)
    account = session.scalar(account_of(owner.person_id)) or owner
    if session.get_one(Person, account.person_id).died_on is not None:
        raise AccountClosed("died")
    linked.last_used_at = at
    _note(session, account, linked.id, "account.signed_in", at)
    return account, linked


def tell_of_new_device(
    session: Session, account: Account, linked: LinkedSignIn, sign_in_id: int, *, at: datetime
) -> None:
    """Tell the owner when a browser came by a link that never signed in to the account before."""
    here = session.get_one(SignInSession, sign_in_id)
    before = select(SignInSession.id).where(
        SignInSession.account_id == account.id,
        SignInSession.device_hash == here.device_hash,
        SignInSession.id != sign_in_id,
    )
    if session.scalar(before.limit(1)) is None:
        _tell(session, account, linked.id, LINK_USED, at)


def _digest(issuer: str, subject: str) -> str:
    return field_keys().digest(b"linked sign-in", f"{issuer}\0{subject}", _DIGEST)


def _note(session: Session, account: Account, link_id: int, action: str, at: datetime) -> None:
    record_activity(
        session,
        action,
        actor=Actor(account.id, account.person_id),
        at=at,
        subject=("account", account.id),
        person_id=account.person_id,
        facts={"link": link_id},
    )


def _tell(
    session: Session, account: Account, link_id: int, kind: MessageKind, at: datetime
) -> None:
    region = session.get_one(Person, account.person_id).region_code
    subject = ("link", link_id)
    notify(session, kind, account.person_id, region_code=region, subject=subject, at=at)
