"""Write down money that came in; the same key twice is one payment."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.payments.bank_reference import fitting
from siweb.collection.tables.payment import Payment, PaymentKind

_SHOWN, _NAME, _ACCOUNT = 500, 200, 40


@dataclass(frozen=True, slots=True)
class Received:
    """One amount that came in, as the bank, the gateway or the tax office states it."""

    entry_key: str
    amount_fen: int
    received_on: date
    payer_name: str = ""
    payer_account: str = ""
    remittance: str = ""


def entry_key(source: str, *facts: object) -> str:
    """Return the key of an entry from where it is from and what makes it one of its kind."""
    # A sign that no bank writes parts the facts: "1", "23" and "12", "3" are two keys.
    joined = "\x1f".join((source, *(str(fact) for fact in facts)))
    return hashlib.sha256(joined.encode()).hexdigest()


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
    existing = session.scalar(select(Payment).where(Payment.entry_key == received.entry_key))
    if existing is not None:
        return existing, False
    payment = Payment(
        region_code=region_code,
        kind=kind,
        amount_fen=received.amount_fen,
        received_on=received.received_on,
        payer_name=received.payer_name[:_NAME],
        payer_account=received.payer_account[:_ACCOUNT],
        remittance=fitting(received.remittance, _SHOWN),
        entry_key=received.entry_key,
        statement_id=statement_id,
        recorded_at=at,
        recorded_by_account_id=actor.account_id,
        unallocated_fen=received.amount_fen,
    )
    session.add(payment)
    session.flush()
    return payment, True
