"""Name, change and take away one's own bank account, at any time; find it for the desk.

A new account to pay to takes two people (internal control): what a person names here is offered to
these two, and pays nobody before.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.payouts.order import clear_payee
from siweb.collection.tables.bank_account import OwnBankAccount
from siweb.collection.tables.payout import Payout, PayoutKind, PayoutState
from siweb.db.sealing.columns import is_given
from siweb.messages.kinds.registration import OWN_ACCOUNT_ENDED, OWN_ACCOUNT_NAMED
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.rules.identifiers.account_number import parse_own_account_number
from siweb.rules.identifiers.typed_text import normalise_text


def own_account(session: Session, person_id: int) -> OwnBankAccount | None:
    """Return the account that somebody named last, under any of their keys; None without one."""
    # Two registrations that were joined may each have one: what was named last holds.
    return session.scalar(
        select(OwnBankAccount)
        .where(is_of(OwnBankAccount.person_id, person_id), OwnBankAccount.ended_at.is_(None))
        .order_by(OwnBankAccount.id.desc())
        .limit(1)
    )


def has_own_account(person_id: int) -> ColumnElement[bool]:
    """Return the condition that somebody named an account, under any of their keys."""
    return exists().where(
        is_of(OwnBankAccount.person_id, person_id), OwnBankAccount.ended_at.is_(None)
    )


def name_own_account(
    session: Session, person: Person, number: str, bank_name: str, *, actor: Actor, at: datetime
) -> bool:
    """Keep somebody's account, and tell them; False when it is the one they named before.

    :raises AccountNumberRefused: when the number can be no account's.
    """
    good, bank = parse_own_account_number(number), normalise_text(bank_name)
    # Two windows of one person wait for each other here.
    session.get_one(Person, person.id, with_for_update={"of": Person})
    before = own_account(session, person.id)
    if before and (before.number, before.bank_name, before.holder) == (good, bank, person.name):
        return False
    _end(session, person, actor, at)
    named = OwnBankAccount(
        person_id=person.id, holder=person.name, number=good, bank_name=bank, named_at=at
    )
    session.add(named)
    session.flush()
    _note(session, person, named, "person.bank_account_named", OWN_ACCOUNT_NAMED, actor, at)
    return True


def end_own_account(session: Session, person: Person, *, actor: Actor, at: datetime) -> bool:
    """Take somebody's account away, and tell them; False where there is none."""
    session.get_one(Person, person.id, with_for_update={"of": Person})
    ended = own_account(session, person.id)
    if ended is None:
        return False
    _end(session, person, actor, at)
    _note(session, person, ended, "person.bank_account_ended", OWN_ACCOUNT_ENDED, actor, at)
    return True


def account_offered(session: Session, payout: Payout) -> OwnBankAccount | None:
    """Return the payee's own account where the two who name one may take it; else None.

    Never what belongs to the heirs: the account of who died is theirs no more than its money is.
    """
    if payout.person_id is None or payout.kind is PayoutKind.HEIRS:
        return None
    if payout.state not in {PayoutState.OPEN, PayoutState.REJECTED}:
        return None
    if session.get_one(Person, payout.person_id).died_on is not None:
        return None
    return own_account(session, payout.person_id)


def _end(session: Session, person: Person, actor: Actor, at: datetime) -> None:
    ended = session.scalars(
        select(OwnBankAccount).where(
            is_of(OwnBankAccount.person_id, person.id), OwnBankAccount.ended_at.is_(None)
        )
    ).all()
    for account in ended:
        account.ended_at = at
    session.flush()
    _stop_payouts(session, person.id, {account.number for account in ended}, actor, at)


def _stop_payouts(
    session: Session, person_id: int, numbers: set[str], actor: Actor, at: datetime
) -> None:
    """Let money that has not left yet wait for two people's look again.

    What is in a file is with the bank: its answer comes, whatever is named meanwhile. A file that
    waits for its second person differs from what was shown, and is refused.
    """
    waits = or_(Payout.state == PayoutState.OPEN, Payout.state == PayoutState.REJECTED)
    payouts = session.scalars(
        select(Payout)
        .where(
            is_of(Payout.person_id, person_id),
            Payout.kind != PayoutKind.HEIRS,
            waits,
            is_given(Payout.payee_account),
        )
        .order_by(Payout.id)
        .with_for_update()
    )
    for payout in payouts:
        if payout.payee_account in numbers:
            clear_payee(session, payout, actor=actor, at=at)


def _note(
    session: Session,
    person: Person,
    account: OwnBankAccount,
    action: str,
    kind: MessageKind,
    actor: Actor,
    at: datetime,
) -> None:
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("person", person.id),
        person_id=person.id,
        facts={"account_end": account.number[-4:]},
    )
    # By its row: whoever changes it twice on one day is told twice.
    about = ("own_account", account.id)
    notify(session, kind, person.id, region_code=person.region_code, subject=about, at=at)
