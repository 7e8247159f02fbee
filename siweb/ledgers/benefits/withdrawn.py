"""What of benefits was withdrawn as not due, and what was paid for these months."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from siweb.db.arithmetic import whole
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
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


def withdrawn_of(session: Session, benefits: Iterable[Benefit]) -> dict[int, Withdrawn]:
    """Return by the benefit what stands withdrawn of some, decided or in effect; one statement."""
    entry, withdrawal = BenefitEntry, BenefitWithdrawal
    is_not_due = and_(
        entry.person_id == Benefit.person_id,
        entry.benefit == Benefit.kind,
        entry.month >= withdrawal.from_month,
        entry.kind != BenefitEntryKind.HELD,
        entry.paid_on.is_not(None),
    )
    rows = session.execute(
        select(withdrawal, whole(func.coalesce(func.sum(entry.amount_fen), 0)))
        .join(Benefit, Benefit.id == withdrawal.benefit_id)
        .outerjoin(entry, is_not_due)
        .where(
            withdrawal.benefit_id.in_([each.id for each in benefits]),
            withdrawal.resumed_at.is_(None),
        )
        .group_by(withdrawal.id)
    )
    return {found.benefit_id: Withdrawn(found, int(paid)) for found, paid in rows}


def paid_since(session: Session, benefit: Benefit, month: str) -> int:
    """Return what was paid of a benefit for the months from one on, less what came back, in fen."""
    entry = BenefitEntry
    fen = session.scalar(
        select(func.sum(entry.amount_fen)).where(
            entry.person_id == benefit.person_id,
            entry.benefit == benefit.kind,
            entry.month >= month,
            entry.kind != BenefitEntryKind.HELD,
            entry.paid_on.is_not(None),
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
