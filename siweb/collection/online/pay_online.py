"""Begin to pay a bill online, and take in what the gateway tells."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM, Actor
from siweb.audit.record import record_activity
from siweb.collection.bills.find import BillOn
from siweb.collection.online.gateway import Gateway, Notification, NotificationRefused, PaymentOrder
from siweb.collection.payments.allocate import allocate, is_any_written_off, is_closed
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.payments.keep_credit import keep_for_months_to_come
from siweb.collection.payments.match import paid_together
from siweb.collection.payments.record import Received, entry_key, record_payment
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.online_payment import OnlinePayment
from siweb.collection.tables.payment import MatchedBy, Payment, PaymentKind
from siweb.db.reference_code import new_reference
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet


class NothingToPay(Refusal):
    """When a bill is settled already, or in the payer's favour."""


def start_payment(
    session: Session,
    gateway: Gateway,
    now: BillOn,
    says: str,
    *,
    return_address: Callable[[str], str],
    notify_address: str,
    also_fen: int = 0,
    actor: Actor,
    at: datetime,
) -> OnlinePayment:
    """Return a payment of all that a bill comes to today, with the address where it is paid.

    `also_fen` is what is due with it on the same day, which is paid along (`payments/rhythm`).
    `return_address` makes the address of a payment's page from its reference.

    :raises NothingToPay: when nothing is due, or "closed" after a person's closing day.
    """
    amount_fen = now.to_pay_fen + also_fen
    if amount_fen <= 0:
        raise NothingToPay("nothing_to_pay")
    if is_closed(now.bill, now.on):
        raise NothingToPay("closed")
    assert actor.account_id is not None
    reference = new_reference()
    order = PaymentOrder(reference, amount_fen, says, return_address(reference), notify_address)
    begun = OnlinePayment(
        reference=reference,
        gateway=gateway.name,
        bill_id=now.bill.id,
        amount_fen=amount_fen,
        late_fee_fen=now.late_fee_fen,
        # Asked before anything is written: where the gateway does not answer, nothing was begun.
        address=gateway.start(order),
        started_at=at,
        started_by_account_id=actor.account_id,
    )
    session.add(begun)
    session.flush()
    record_activity(
        session,
        "online_payment.started",
        actor=actor,
        at=at,
        subject=("bill", now.bill.id),
        facts={"amount_fen": begun.amount_fen, "gateway": gateway.name},
    )
    return begun


# The request is locked: of two notifications at once the second waits and finds it paid.
def take_notification(
    session: Session,
    gateway: Gateway,
    notification: Notification,
    *,
    packs: PackSet,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
) -> Payment:
    """Write down what a gateway tells and use it for the bill; told twice, it counts once.

    What came is what counts, not what was asked: less pays a part, more is left for a refund.

    :raises NotificationRefused: "unknown" for a payment that was not begun here.
    """
    begun = session.scalar(
        select(OnlinePayment)
        .where(OnlinePayment.reference == notification.order, OnlinePayment.gateway == gateway.name)
        .with_for_update()
    )
    if begun is None:
        raise NotificationRefused("unknown")
    bill = session.get_one(Bill, begun.bill_id)
    key = entry_key("gateway", gateway.name, notification.transaction)
    amount_fen, payer = notification.amount_fen, notification.payer_name
    received = Received(key, amount_fen, notification.paid_on, payer, remittance=notification.order)
    payment, is_new = record_payment(
        session, bill.region_code, PaymentKind.GATEWAY, received, actor=SYSTEM, at=at
    )
    if not is_new:
        return payment
    # Begun before two people wrote the bill off: the money waits at the desk for them.
    if not is_any_written_off(session, [bill]):
        _use(session, payment, bill, packs=packs, order=order, at=at)
    # Paid twice under two transactions, the second is money as well; the page shows the first.
    if begun.payment_id is None:
        begun.payment_id, begun.paid_at = payment.id, at
    record_activity(
        session,
        "online_payment.paid",
        actor=SYSTEM,
        at=at,
        subject=("bill", bill.id),
        facts={"amount_fen": notification.amount_fen, "shown_fen": begun.amount_fen},
    )
    return payment


def _use(
    session: Session,
    payment: Payment,
    bill: Bill,
    *,
    packs: PackSet,
    order: AllocationOrder,
    at: datetime,
) -> None:
    """Use what came for the bill, and for what is due with it, in the order of the months."""
    together = paid_together(session, bill)
    allocate(
        session,
        payment,
        together,
        named=bill if len(together) == 1 else None,
        matched_by=MatchedBy.REFERENCE,
        packs=packs,
        order=order,
        actor=SYSTEM,
        at=at,
    )
    keep_for_months_to_come(session, payment, actor=SYSTEM, at=at)


def find_started(session: Session, reference: str, account_id: int) -> OnlinePayment | None:
    """Return a payment that an account began; None for others' and for none."""
    return session.scalar(
        select(OnlinePayment).where(
            OnlinePayment.reference == reference,
            OnlinePayment.started_by_account_id == account_id,
        )
    )
