"""The office's own bank accounts: only their statements are imported."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.statements.entry import plain_account
from siweb.collection.tables.bank_account import BankAccount
from siweb.rules.errors import Refusal
from siweb.rules.identifiers.typed_text import normalise_text

_SHORTEST, _LONGEST = 5, 34


class AccountRefused(Refusal):
    """When a number cannot be registered: "number" where it is none, "registered" already."""


def add_account(
    session: Session, number: str, bank: str, *, actor: Actor, at: datetime
) -> BankAccount:
    """Register an account of the office.

    :raises AccountRefused: "number" for what is no account's number, "registered".
    """
    plain = plain_account(number)
    is_number = plain.isascii() and plain.isalnum() and any(map(str.isdigit, plain))
    if not is_number or not _SHORTEST <= len(plain) <= _LONGEST:
        raise AccountRefused("number")
    if session.scalar(select(BankAccount.id).where(BankAccount.number == plain)) is not None:
        raise AccountRefused("registered")
    account = BankAccount(
        number=plain,
        bank=normalise_text(bank)[:40],
        added_at=at,
        added_by_account_id=actor.account_id,
    )
    session.add(account)
    session.flush()
    record_activity(
        session,
        "bank_account.added",
        actor=actor,
        at=at,
        subject=("bank_account", account.id),
        facts={"bank": account.bank},
    )
    return account


def list_accounts(session: Session) -> list[BankAccount]:
    """Return the office's accounts by their numbers."""
    return list(session.scalars(select(BankAccount).order_by(BankAccount.number)))


def account_numbers(session: Session) -> list[str]:
    """Return the numbers of the office's accounts."""
    return list(session.scalars(select(BankAccount.number).order_by(BankAccount.number)))
