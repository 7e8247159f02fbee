"""Hold an entry back from the books, and say what becomes of it: a person decides at the desk."""

from datetime import date, datetime

from sqlalchemy import ScalarSelect, delete, func, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.staff.duties import Scope
from siweb.clock import office_day
from siweb.collection.payments.allocate import hold_money
from siweb.collection.payments.bank_reference import fitting
from siweb.collection.payments.record import Received, entry_key, record_payment
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.payments.tax_collection import TAX_OFFICE
from siweb.collection.statements.origins import batch_of
from siweb.collection.statements.reading.entry import EARLIEST, Entry, Problem
from siweb.collection.tables.bank_account import EntryClaim
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.db.claim import claim
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet


class HeldRefused(Refusal):
    """When nothing can become of a held entry as asked.

    Codes: "settled" already, "no_amount", "day_odd", "is_return", "no_return", "other_amount",
    "return_day".
    """


def hold(
    session: Session,
    statement: BankStatement,
    entry: Entry,
    problem: Problem,
    state: HeldState,
    *,
    at: datetime,
    payment: Payment | None = None,
    before: HeldEntry | None = None,
) -> HeldEntry:
    """Write an entry down that is not simply booked; `before` is its row from an earlier time."""
    payer = entry.payer
    held = before or HeldEntry(
        statement_id=statement.id,
        region_code=statement.region_code,
        number=entry.number,
        account=entry.account or statement.account,
        amount_fen=entry.amount_fen,
        entry_on=entry.entry_on,
        # As wide as the columns: PostgreSQL refuses a longer text, which SQLite would keep.
        reference=entry.reference[:100],
        payer_name=payer.name[:200],
        payer_account=payer.account[:40],
        remittance=fitting(payer.remittance, 500),
    )
    held.reason, held.state = problem.reason, state
    held.field, held.text = problem.field[:80], problem.text[:80]
    held.payment_id = None if payment is None else payment.id
    held.settled_at = None if state is HeldState.WAITING else at
    held.settled_by_account_id, held.settled_because = None, ""
    session.add(held)
    session.flush()
    return held


def settled_by_number(session: Session, statement_id: int) -> dict[int, HeldEntry]:
    """Return the entries of a statement that were held, by their numbers."""
    rows = session.scalars(select(HeldEntry).where(HeldEntry.statement_id == statement_id))
    return {row.number: row for row in rows}


def book_held(
    session: Session, held: HeldEntry, on: date, *, today: date, actor: Actor, at: datetime
) -> Payment:
    """Book an entry that states its amount as money that came on a day; it waits to be matched.

    :raises HeldRefused: "settled", "is_return", "no_amount", "day_odd".
    """
    if held.reason is HeldReason.RETURNED:
        raise HeldRefused("is_return")
    if not held.amount_fen:
        raise HeldRefused("no_amount")
    if not EARLIEST <= on <= today:
        raise HeldRefused("day_odd")
    # First of all: of two who book the entry the second makes no payment.
    _settle(session, held, HeldState.BOOKED, actor, at)
    statement = session.get_one(BankStatement, held.statement_id)
    received = Received(
        entry_key("held", held.id),
        held.amount_fen,
        on,
        held.payer_name,
        held.payer_account,
        held.remittance,
    )
    kind = PaymentKind.TAX if statement.bank == TAX_OFFICE else PaymentKind.TRANSFER
    payment, _is_new = record_payment(
        session, held.region_code, kind, received, actor=actor, at=at, statement_id=statement.id
    )
    held.payment_id = payment.id
    session.flush()
    return payment


def confirm_return(
    session: Session,
    held: HeldEntry,
    payment: Payment,
    *,
    packs: PackSet,
    actor: Actor,
    at: datetime,
) -> Payment:
    """Take back the payment that the bank took back, or the whole batch that begins with it.

    Their bills are open again. The answer is the row of what went back, of a batch the first.

    :raises HeldRefused: "settled", "no_return", "other_amount" where less or more went back;
        "return_day" where the bank states no day, or one on which it cannot have gone back.
    :raises PaymentRefused: what `reverse_payment` refuses.
    """
    if held.reason is not HeldReason.RETURNED:
        raise HeldRefused("no_return")
    if held.entry_on is None or not EARLIEST <= held.entry_on <= office_day(at):
        raise HeldRefused("return_day")
    # The bank has a batch as one entry, we as a payment for each payer.
    whole = [payment] if payment.amount_fen == held.amount_fen else batch_of(session, payment)
    came = sum(part.amount_fen for part in whole)
    if came != held.amount_fen or payment.region_code != held.region_code:
        raise HeldRefused("other_amount")
    # Before the entry is claimed: who waits for the money holds no row that others want.
    hold_money(session, held.region_code)
    _settle(session, held, HeldState.RETURNED, actor, at)
    back = [
        reverse_payment(session, part, on=held.entry_on, actor=actor, at=at, packs=packs)
        for part in whole
    ]
    held.payment_id = payment.id
    session.flush()
    return back[0]


def dismiss_held(
    session: Session, held: HeldEntry, because: str, *, actor: Actor, at: datetime
) -> None:
    """Leave an entry out of the books for a reason.

    One that another statement has is claimed by that alone from then on.

    :raises HeldRefused: "settled".
    """
    _settle(session, held, HeldState.DISMISSED, actor, at)
    held.settled_because = because[:200]
    if held.reason is HeldReason.IN_BOTH:
        session.execute(
            delete(EntryClaim).where(
                EntryClaim.statement_id == held.statement_id,
                EntryClaim.identity == held.identity,
            )
        )
    session.flush()


def list_held(
    session: Session, statement_id: int | None, *, scope: Scope, page: int, size: int
) -> tuple[list[HeldEntry], bool]:
    """Return a page of what waits, the oldest first; of one statement everything that was held."""
    query = select(HeldEntry).where(scope.has(HeldEntry.region_code)).order_by(HeldEntry.id)
    if statement_id is None:
        query = query.where(HeldEntry.state == HeldState.WAITING)
    else:
        query = query.where(HeldEntry.statement_id == statement_id)
    rows = list(session.scalars(query.limit(size + 1).offset((page - 1) * size)))
    return rows[:size], len(rows) > size


def held_of_payment(session: Session, payment: Payment) -> list[HeldEntry]:
    """Return the entries that a statement's payment was booked for, or that took it back."""
    if payment.statement_id is None:
        return []
    which = HeldEntry.payment_id == payment.id
    return list(session.scalars(select(HeldEntry).where(which).order_by(HeldEntry.id)))


def waiting_entries(statement_id: int) -> ScalarSelect[int]:
    """Return how many entries of a statement wait for a person, as part of another query."""
    waiting = HeldEntry.state == HeldState.WAITING
    return (
        select(func.count(HeldEntry.id))
        .where(HeldEntry.statement_id == statement_id, waiting)
        .scalar_subquery()
    )


def _settle(
    session: Session, held: HeldEntry, state: HeldState, actor: Actor, at: datetime
) -> None:
    """Say what became of an entry; the UPDATE names what waits, so that two people settle once."""
    place = update(HeldEntry).where(HeldEntry.id == held.id, HeldEntry.state == HeldState.WAITING)
    values = {"state": state, "settled_at": at, "settled_by_account_id": actor.account_id}
    if held.state is not HeldState.WAITING:
        raise HeldRefused("settled")
    claim(session, place.values(**values), otherwise=HeldRefused("settled"))
    session.refresh(held)
    record_activity(
        session,
        f"bank_entry.{state.value}",
        actor=actor,
        at=at,
        subject=("held_entry", held.id),
        facts={"reason": held.reason.value},
    )
