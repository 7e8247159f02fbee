"""The office's own bank accounts: only their statements are imported."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.collection.statements.reading.entry import plain_account
from siweb.collection.tables.bank_account import BankAccount
from siweb.db.claim import add_or_find
from siweb.rules.errors import Refusal
from siweb.rules.identifiers.typed_text import normalise_text

# 34 is what an IBAN has at most, and Max34Text of ISO 20022.
_SHORTEST, _LONGEST = 5, 34


class AccountRefused(Refusal):
    """When a number cannot be registered: "number" where it is none, "registered" already."""


def add_account(
    session: Session,
    number: str,
    bank: str,
    *,
    region_code: str | None = None,
    actor: Actor,
    at: datetime,
) -> BankAccount:
    """Register an account of the office: a region's, or where money of every region comes.

    :raises AccountRefused: "number" for what is no account's number, "registered".
    """
    plain = plain_account(number)
    # `isalnum` alone takes Chinese characters for letters.
    is_number = plain.isascii() and plain.isalnum() and any(map(str.isdigit, plain))
    if not is_number or not _SHORTEST <= len(plain) <= _LONGEST:
        raise AccountRefused("number")
    if _registered(session, plain) is not None:
        raise AccountRefused("registered")
    account = BankAccount(
        number=plain,
        bank=normalise_text(bank)[:40],
        region_code=region_code,
        added_at=at,
        added_by_account_id=actor.account_id,
    )
    if add_or_find(session, account, lambda: _registered(session, plain)) is not None:
        raise AccountRefused("registered")
    record_activity(
        session,
        "bank_account.added",
        actor=actor,
        at=at,
        subject=("bank_account", account.id),
        facts={"bank": account.bank, "region": region_code},
    )
    return account


def _registered(session: Session, number: str) -> int | None:
    return session.scalar(select(BankAccount.id).where(BankAccount.number == number))


def list_accounts(session: Session, *, scope: Scope = EVERYWHERE) -> list[BankAccount]:
    """Return the accounts to which money of a scope's regions comes, by their numbers."""
    of_all = BankAccount.region_code.is_(None)
    asked = select(BankAccount).where(or_(of_all, scope.has(BankAccount.region_code)))
    return list(session.scalars(asked.order_by(BankAccount.number)))


def account_numbers(session: Session, region_code: str) -> list[str]:
    """Return the numbers of the accounts to which money of a region comes."""
    # An account without a region takes money of all of them.
    comes_here = or_(BankAccount.region_code.is_(None), BankAccount.region_code == region_code)
    asked = select(BankAccount.number).where(comes_here)
    return list(session.scalars(asked.order_by(BankAccount.number)))
