"""Money that goes out: what a file says is what was decided, and each decision is paid once."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.collection.books.imbalance import MOST, Imbalance, Scope
from siweb.collection.tables.payment import Payment
from siweb.collection.tables.payout import PaymentFile, PaymentFileLine, Payout, PayoutKind
from siweb.db.arithmetic import whole
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.person_alias import PersonAlias


def payout_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield files and payouts that come to something else; they are of no month."""
    if scope.month is not None:
        return
    yield from _files(session, scope)
    yield from _lines(session, scope)
    yield from _payouts(session, scope)


def _files(session: Session, scope: Scope) -> Iterator[Imbalance]:
    fen = func.coalesce(func.sum(PaymentFileLine.amount_fen), 0)
    query = (
        select(PaymentFile.reference, PaymentFile.total_fen, fen)
        .outerjoin(PaymentFileLine, PaymentFileLine.payment_file_id == PaymentFile.id)
        .where(scope.region(PaymentFile.region_code))
        .group_by(PaymentFile.reference, PaymentFile.total_fen)
        .having(PaymentFile.total_fen != fen)
        .order_by(PaymentFile.reference)
    )
    for reference, total, found in session.execute(query.limit(MOST)):
        yield Imbalance("its transactions", f"payment file {reference}", total, int(found))


def _lines(session: Session, scope: Scope) -> Iterator[Imbalance]:
    query = (
        select(PaymentFileLine.end_to_end, Payout.amount_fen, PaymentFileLine.amount_fen)
        .join(Payout, Payout.id == PaymentFileLine.payout_id)
        .where(scope.region(Payout.region_code), Payout.amount_fen != PaymentFileLine.amount_fen)
        .order_by(PaymentFileLine.end_to_end)
    )
    for name, due, found in session.execute(query.limit(MOST)):
        yield Imbalance("what was decided", f"transaction {name}", due, found)


def _payouts(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield payouts of other amounts than their decisions, which were written at their instant."""
    payout, entry = Payout, BenefitEntry
    # A refund is below zero as a payment, and above as a payout.
    refunded = select(-func.sum(Payment.amount_fen)).where(
        payout.source == literal("payment:") + cast(Payment.id, String())
    )
    paid_back = select(func.sum(entry.amount_fen)).where(
        entry.region_code == payout.region_code,
        _is_payees(entry.person_id),
        entry.kind == BenefitEntryKind.BACK_PAY,
        entry.recorded_at == payout.ordered_at,
    )
    # Not as_integer: that reads 32 bits on PostgreSQL, and an account may hold more.
    inherited = select(func.sum(whole(Activity.facts["amount_fen"].as_string()))).where(
        Activity.action == "account.inheritance",
        _is_payees(Activity.person_id),
        Activity.at == payout.ordered_at,
    )
    for kind, decided in (
        (PayoutKind.REFUND, refunded),
        (PayoutKind.BENEFIT, paid_back),
        (PayoutKind.HEIRS, inherited),
    ):
        due = func.coalesce(decided.correlate(payout).scalar_subquery(), 0)
        query = select(payout.reference, payout.amount_fen, due).where(
            scope.region(payout.region_code), payout.kind == kind, payout.amount_fen != due
        )
        for reference, found, expected in session.execute(query.order_by(payout.id).limit(MOST)):
            yield Imbalance("what was decided", f"payout {reference}", int(expected), found)


def _is_payees(column: Any) -> ColumnElement[bool]:
    """Return the condition that a column has the payee's key, or another of theirs."""
    former = PersonAlias.former_id
    return or_(
        column == Payout.person_id,
        column.in_(select(former).where(PersonAlias.person_id == Payout.person_id)),
        Payout.person_id.in_(select(former).where(PersonAlias.person_id == column)),
    )
