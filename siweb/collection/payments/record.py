"""Write down money that came in; the same entry twice is one payment."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.tables.payment import Payment, PaymentKind

_SHOWN, _NAME, _ACCOUNT = 500, 200, 40


@dataclass(frozen=True, slots=True)
class Received:
    """One amount that came in, as the bank, the gateway or the tax office tells it."""

    entry_key: str
    amount_fen: int
    received_on: date
    payer_name: str = ""
    payer_account: str = ""
    remittance: str = ""


def entry_key(source: str, *facts: object) -> str:
    """Return the key of an entry from where it is from and what makes it one of its kind."""
    said = "\x1f".join((source, *(str(fact) for fact in facts)))
    return hashlib.sha256(said.encode()).hexdigest()


def record_entry(
    session: Session,
    region_code: str,
    kind: PaymentKind,
    received: Received,
    *,
    actor: Actor,
    at: datetime,
    statement_id: int,
) -> tuple[Payment, bool, bool]:
    """Return the payment of a statement's entry, whether it is new, and whether that is certain.

    Banks number from 1 again in every branch and often every day: an entry under a known number
    that says something else is money of its own until a person has looked at both.
    """
    key = entry_key("statement", region_code, received.entry_key)
    own = replace(received, entry_key=key)

    def write(entry: Received) -> tuple[Payment, bool]:
        return record_payment(
            session, region_code, kind, entry, actor=actor, at=at, statement_id=statement_id
        )

    payment, is_new = write(own)
    if is_new or _says(payment, received):
        return payment, is_new, True
    facts = (received.received_on, received.amount_fen, received.payer_name, received.payer_account)
    other = replace(received, entry_key=entry_key("differing", key, *facts))
    payment, is_new = write(other)
    return payment, is_new, False


def _says(payment: Payment, received: Received) -> bool:
    """Tell whether an entry is the payment: what both of them say is the same."""
    told = (
        (payment.payer_name, received.payer_name[:_NAME]),
        (payment.payer_account, received.payer_account[:_ACCOUNT]),
    )
    return (payment.amount_fen, payment.received_on) == (
        received.amount_fen,
        received.received_on,
    ) and all(one == other for one, other in told if one and other)


def record_payment(
    session: Session,
    region_code: str,
    kind: PaymentKind,
    received: Received,
    *,
    actor: Actor,
    at: datetime,
    statement_id: int | None = None,
) -> tuple[Payment, bool]:
    """Return the payment and whether it is new; nothing of it is allocated yet."""
    known = session.scalar(select(Payment).where(Payment.entry_key == received.entry_key))
    if known is not None:
        return known, False
    payment = Payment(
        region_code=region_code,
        kind=kind,
        amount_fen=received.amount_fen,
        received_on=received.received_on,
        payer_name=received.payer_name[:_NAME],
        payer_account=received.payer_account[:_ACCOUNT],
        remittance=received.remittance[:_SHOWN],
        entry_key=received.entry_key,
        statement_id=statement_id,
        recorded_at=at,
        recorded_by_account_id=actor.account_id,
        unallocated_fen=received.amount_fen,
    )
    session.add(payment)
    session.flush()
    return payment, True
