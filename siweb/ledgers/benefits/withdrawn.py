"""What of benefits was withdrawn as not due, and what was paid for these months."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from siweb.db.arithmetic import whole
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitWithdrawal


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A withdrawal, and what was paid of its months less what came back, in fen."""

    withdrawal: BenefitWithdrawal
    paid_fen: int


def standing_withdrawal(session: Session, benefit_id: int) -> BenefitWithdrawal | None:
    """Return the withdrawal of a benefit that was not taken back, decided or in effect."""
    return session.scalar(
        select(BenefitWithdrawal).where(
            BenefitWithdrawal.benefit_id == benefit_id, BenefitWithdrawal.resumed_at.is_(None)
        )
    )


def drawn_of(session: Session, person_id: int) -> list[tuple[Benefit, Withdrawn | None]]:
    """Return a person's benefits, and what stands withdrawn of each; one statement."""
    entry, withdrawal = BenefitEntry, BenefitWithdrawal
    paid = (
        select(whole(func.coalesce(func.sum(entry.amount_fen), 0)))
        .where(
            entry.person_id == Benefit.person_id,
            entry.benefit == Benefit.kind,
            entry.month >= withdrawal.from_month,
            *_is_paid(),
        )
        .correlate(Benefit, withdrawal)
        .scalar_subquery()
    )
    stands = and_(withdrawal.benefit_id == Benefit.id, withdrawal.resumed_at.is_(None))
    rows = session.execute(
        select(Benefit, withdrawal, paid)
        .outerjoin(withdrawal, stands)
        .where(is_of(Benefit.person_id, person_id))
        .order_by(Benefit.from_month, Benefit.id)
    )
    return [
        (benefit, None if found is None else Withdrawn(found, int(fen)))
        for benefit, found, fen in rows
    ]


def _is_paid() -> tuple[ColumnElement[bool], ...]:
    return (BenefitEntry.kind != BenefitEntryKind.HELD, BenefitEntry.paid_on.is_not(None))


def paid_since(session: Session, benefit: Benefit, month: str) -> int:
    """Return what was paid of a benefit for the months from one on, less what came back, in fen."""
    entry = BenefitEntry
    fen = session.scalar(
        select(func.sum(entry.amount_fen)).where(
            entry.person_id == benefit.person_id,
            entry.benefit == benefit.kind,
            entry.month >= month,
            *_is_paid(),
        )
    )
    return int(fen or 0)


def is_withdrawn() -> ColumnElement[bool]:
    """Return the condition, in SQL, that a month of a benefit lies in a withdrawal in effect."""
    return and_(
        BenefitWithdrawal.benefit_id == Benefit.id,
        BenefitWithdrawal.stopped_on.is_not(None),
        BenefitEntry.month >= BenefitWithdrawal.from_month,
        or_(
            BenefitWithdrawal.resumed_from_month.is_(None),
            BenefitEntry.month < BenefitWithdrawal.resumed_from_month,
        ),
    )
