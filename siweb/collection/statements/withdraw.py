"""Take a whole import back while nothing of it was used: the file was the wrong one.

What came is never changed, only added to: every payment gets its reversal. The claims of its
entries are given up, so that the same entries may be imported again, by the right region.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.payments.allocate import hold_money
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.statements.claims.claim_entries import hold_accounts
from siweb.collection.tables.bank_account import EntryClaim
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.held_entry import HeldEntry, HeldState
from siweb.collection.tables.payment import Payment
from siweb.collection.tables.statement_part import StatementOverlap
from siweb.db.claim import claim
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet


class WithdrawalRefused(Refusal):
    """When an import stays: "used" some of its money was, "withdrawn" it is already.

    "under_way" while it is imported; "confirmed" when somebody answered for it already.
    """


def is_used(session: Session, statement_id: int) -> bool:
    """Return whether anything was done with money of a statement, or with a held entry of it."""
    return session.scalar(select(used_money(statement_id))) or False


def used_money(statement_id: int) -> ColumnElement[bool]:
    """Return the condition that something was done with money of a statement."""
    back = aliased(Payment)
    used = select(Payment.id).where(
        Payment.statement_id == statement_id,
        or_(
            Payment.unallocated_fen != Payment.amount_fen,
            Payment.kept_at.is_not(None),
            select(back.id).where(back.origin_payment_id == Payment.id).exists(),
        ),
    )
    took_back = select(HeldEntry.id).where(
        HeldEntry.statement_id == statement_id, HeldEntry.state == HeldState.RETURNED
    )
    return or_(used.exists(), took_back.exists())


def withdraw_statement(
    session: Session,
    statement: BankStatement,
    because: str,
    *,
    packs: PackSet,
    on: date,
    actor: Actor,
    at: datetime,
) -> int:
    """Take an import back; return how many payments were reversed.

    :raises WithdrawalRefused: "used", "withdrawn".
    :raises ClaimedElsewhere: when it is imported or taken back at the same moment.
    """
    if statement.withdrawn_at is not None:
        raise WithdrawalRefused("withdrawn")
    of_it = select(EntryClaim.account).where(EntryClaim.statement_id == statement.id).distinct()
    # Accounts first, as an import does.
    hold_accounts(session, session.scalars(of_it))
    hold_money(session, statement.region_code)
    # Closed before it is looked at: no further piece can come in and be left behind.
    _close(session, statement, because, actor, at)
    if is_used(session, statement.id):
        raise WithdrawalRefused("used")
    payments = session.scalars(
        select(Payment).where(Payment.statement_id == statement.id).order_by(Payment.id)
    ).all()
    for payment in payments:
        reverse_payment(session, payment, on=on, actor=actor, at=at, packs=packs)
    session.execute(delete(EntryClaim).where(EntryClaim.statement_id == statement.id))
    _reopen(session, statement.id)
    session.execute(
        update(HeldEntry)
        .where(HeldEntry.statement_id == statement.id, HeldEntry.state == HeldState.WAITING)
        .values(state=HeldState.DISMISSED, settled_at=at, settled_because=because[:200])
    )
    session.refresh(statement)
    record_activity(
        session,
        "bank_statement.withdrawn",
        actor=actor,
        at=at,
        subject=("bank_statement", statement.id),
        facts={"payments": len(payments), "reason": because[:200]},
    )
    return len(payments)


def left_to(session: Session, statement_id: int) -> list[BankStatement]:
    """Return the statements that left entries to one: taken back, it leaves them to these.

    Their files are imported again, and what nobody has any more is theirs.
    """
    return list(
        session.scalars(
            select(BankStatement)
            .join(StatementOverlap, StatementOverlap.statement_id == BankStatement.id)
            .where(
                StatementOverlap.earlier_statement_id == statement_id,
                BankStatement.withdrawn_at.is_(None),
            )
            .order_by(BankStatement.id)
        )
    )


def _reopen(session: Session, statement_id: int) -> None:
    for other in left_to(session, statement_id):
        # Read again from the start: what is booked of it is known by its claim.
        other.finished_at, other.done_entries = None, 0
    session.flush()


def _close(
    session: Session, statement: BankStatement, because: str, actor: Actor, at: datetime
) -> None:
    # The row is held from here on: no further piece is imported meanwhile.
    place = update(BankStatement).where(
        BankStatement.id == statement.id,
        BankStatement.withdrawn_at.is_(None),
        BankStatement.done_entries == statement.done_entries,
    )
    values = {
        "withdrawn_at": at,
        "withdrawn_by_account_id": actor.account_id,
        "withdrawn_because": because[:200],
    }
    claim(session, place.values(**values))
