"""Whose account a sign-in at a provider opens: linked by its owner, who is signed in here."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.auth.credentials.account import account_of
from siweb.auth.credentials.activate import AccountClosed
from siweb.auth.credentials.means import Means, note_means, tell_owner
from siweb.auth.tables.account import Account
from siweb.auth.tables.linked_sign_in import LinkedSignIn
from siweb.db.sealing.field_keys import field_keys
from siweb.messages.kinds.sign_in import LINK_ADDED, LINK_REMOVED
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
    note_means(session, account, means_of(linked), "link.added", at=at)
    tell_owner(session, account, means_of(linked), LINK_ADDED, at=at)


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
    note_means(session, account, Means("link", link_id), "link.removed", at=at)
    tell_owner(session, account, Means("link", link_id), LINK_REMOVED, at=at)
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
    # Whose registrations were joined comes into the account that stands.
    account = session.scalar(account_of(owner.person_id)) or owner
    if session.get_one(Person, account.person_id).died_on is not None:
        raise AccountClosed("died")
    linked.last_used_at = at
    note_means(session, account, means_of(linked), "account.signed_in", at=at)
    return account, linked


def means_of(linked: LinkedSignIn) -> Means:
    """Return a link as what is noted and told of it."""
    return Means("link", linked.id)


def _digest(issuer: str, subject: str) -> str:
    # Only found again, never read: the provider's name of a person is none of ours. The zero byte
    # parts what would read alike joined.
    return field_keys().digest(b"linked sign-in", f"{issuer}\0{subject}", _DIGEST)
