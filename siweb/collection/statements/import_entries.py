"""Import a bank statement: entry by entry, committed in pieces, each entry once.

A statement is known by the hash of its content. It is read twice: first to hold its control totals
against its entries, then to book them. An import that was killed goes on behind the last piece
that was committed; a file that was imported before has nothing left to do. Where two processes
import the same statement, the second stops; where two statements bring the same entry, the
second finds it claimed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from sqlalchemy import update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.payments.allocate import allocate, hold_money
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.payments.keep_credit import keep_for_months_to_come
from siweb.collection.payments.match import find_match
from siweb.collection.payments.record import Received, entry_key, record_payment
from siweb.collection.payments.tax_collection import TAX_OFFICE
from siweb.collection.statements.answers import note_debit
from siweb.collection.statements.claims.claim_entries import (
    Claims,
    claim_entries,
    has_other_payer,
    hold_accounts,
    note_payments,
)
from siweb.collection.statements.claims.identify import Identified
from siweb.collection.statements.hold import hold, settled_by_number
from siweb.collection.statements.reading.control import Control
from siweb.collection.statements.reading.entry import Direction, Part, Problem
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.db.claim import claim
from siweb.rules.parameters.pack_set import PackSet

# Entries booked in one transaction: a killed import goes on at the last piece.
PIECE = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """Entries of a statement, and how many come before them."""

    after: int
    entries: list[Identified]

    @property
    def through(self) -> int:
        """Return how many entries are done with this piece."""
        return self.after + len(self.entries)


@dataclass(slots=True)
class Imported:
    """What became of the entries of a piece; every entry is counted in exactly one of them.

    `booked` are payments, of which `matched` were used at once and `differing` wait, since their
    reference stands under other facts too. `held` wait for a person; `returned` of them are money
    that the bank took back. `zero` are of nothing.
    """

    read: int = 0
    booked: int = 0
    duplicates: int = 0
    held: int = 0
    zero: int = 0
    debits: int = 0
    pending: int = 0
    no_entries: int = 0
    payments: int = 0
    matched: int = 0
    differing: int = 0
    returned: int = 0

    def add(self, other: "Imported") -> None:
        """Count a further piece."""
        for name, number in other.as_counts().items():
            setattr(self, name, getattr(self, name) + number)

    def as_new(self) -> "Imported":
        """Return what a piece that was read before adds: what was left to another comes in now."""
        return replace(
            self,
            read=0,
            debits=0,
            pending=0,
            no_entries=0,
            duplicates=-(self.booked + self.held + self.zero),
        )

    def as_counts(self) -> dict[str, int]:
        """Return what is kept with the statement."""
        return {name: getattr(self, name) for name in self.__slots__}


def pieces(entries: Iterable[Identified], done: int, size: int = PIECE) -> Iterator[Piece]:
    """Yield what comes after the entries already done, in pieces to be committed one by one."""
    rest = islice(iter(entries), done, None)
    while read := list(islice(rest, size)):
        piece = Piece(done, read)
        yield piece
        done = piece.through


def import_piece(
    session: Session,
    statement_id: int,
    piece: Piece,
    *,
    packs: PackSet,
    order: AllocationOrder = IN_ORDER_OF_LAW,
    actor: Actor,
    at: datetime,
) -> Imported:
    """Write down one piece and use what is certain; commit after it.

    In this order: hold what others could change, take the piece, claim its entries, book or hold
    each of them, keep with the claims what they became, and count.

    :raises ClaimedElsewhere: when another process has imported it, or does.
    """
    claimed = [identified for identified in piece.entries if identified.entry.is_claimed]
    # The accounts before any row: withdrawing holds them first as well, and gives claims up.
    hold_accounts(session, {identified.account for identified in claimed})
    # The money before the statement, as withdrawing does: of a statement without any claim yet the
    # accounts keep nobody apart, and each would wait for the other's row.
    hold_money(session, session.get_one(BankStatement, statement_id).region_code)
    statement = _claimed(session, statement_id, piece)
    counts = Imported(read=len(piece.entries))
    # Reopened, since the statement that had some of its entries was taken back.
    is_again = statement.counts.get("read", 0) > piece.after
    claims = claim_entries(session, claimed, statement.id, is_again=is_again)
    booking = _Booking(session, statement, claims, counts, packs, order, actor, at)
    if is_again:
        booking.settled = settled_by_number(session, statement.id)
    for identified in piece.entries:
        booking.take(identified)
    note_payments(session, booking.booked)
    total = Counter(statement.counts)
    total.update((counts.as_new() if is_again else counts).as_counts())
    statement.counts = dict(total)
    session.flush()
    return counts


def _claimed(session: Session, statement_id: int, piece: Piece) -> BankStatement:
    place = update(BankStatement).where(
        BankStatement.id == statement_id,
        BankStatement.done_entries == piece.after,
        BankStatement.withdrawn_at.is_(None),
    )
    claim(session, place.values(done_entries=piece.through))
    # Read anew: the UPDATE went past the session.
    statement = session.get_one(BankStatement, statement_id, populate_existing=True)
    statement.entries = max(statement.entries, piece.through)
    return statement


class _Booking:
    """Books the entries of one piece."""

    def __init__(
        self,
        session: Session,
        statement: BankStatement,
        claims: Claims,
        counts: Imported,
        packs: PackSet,
        order: AllocationOrder,
        actor: Actor,
        at: datetime,
    ) -> None:
        self.session, self.statement, self.claims, self.counts = session, statement, claims, counts
        self.packs, self.order, self.actor, self.at = packs, order, actor, at
        self.booked: list[tuple[Identified, list[Payment]]] = []
        # Entries that a person settled, or has before them, when the piece was read before.
        self.settled: dict[int, HeldEntry] = {}
        control = Control.from_json(statement.control) if statement.control else Control()
        self._is_proved = control.is_proved
        self._kind = PaymentKind.TAX if statement.bank == TAX_OFFICE else PaymentKind.TRANSFER

    def take(self, identified: Identified) -> None:
        """Count an entry, and book or hold it."""
        counts, direction = self.counts, identified.entry.direction
        if direction is Direction.NO_ENTRY:
            counts.no_entries += 1
        elif direction is Direction.PENDING:
            counts.pending += 1
        elif direction is Direction.DEBIT:
            counts.debits += 1
            # A payment that the office's own file ordered was made.
            region = self.statement.region_code
            note_debit(self.session, identified.entry, region, actor=self.actor, at=self.at)
        elif (mine := self.claims.claimed.get(identified.entry.number)) and self._is_open(mine):
            self._take_fresh(mine)
        else:
            self._take_duplicate(identified)

    def _is_open(self, identified: Identified) -> bool:
        """Tell whether nobody has settled an entry, or has it before them, but to leave it out."""
        settled = self.settled.get(identified.entry.number)
        return settled is None or settled.state is HeldState.DISMISSED

    def _take_duplicate(self, identified: Identified) -> None:
        payment = self.claims.payments.get(identified.entry.number)
        if not self._is_open(identified):
            self.counts.duplicates += 1
        elif payment is not None and has_other_payer(payment, identified.entry):
            problem = Problem(HeldReason.PAYER_DIFFERS, "payer", payment.payer_name)
            self._hold(identified, problem)
        else:
            self.counts.duplicates += 1

    def _take_fresh(self, identified: Identified) -> None:
        entry = identified.entry
        problem = entry.problem
        if problem is not None and problem.reason is HeldReason.ZERO:
            self.counts.zero += 1
            self._add_held(identified, problem, HeldState.DISMISSED)
        elif entry.direction is Direction.RETURNED:
            self.counts.returned += 1
            # What is wrong with the return is shown with it: its day may be none.
            wrong = Problem(HeldReason.RETURNED, "", entry.reference)
            if problem is not None:
                wrong = Problem(HeldReason.RETURNED, problem.field, problem.text)
            self._hold(identified, wrong)
        elif problem is not None and problem.reason is not HeldReason.DETAILS:
            self._hold(identified, problem)
        # What is wrong with the entry itself is named before: it has to be mended whoever has it.
        elif (other := self.claims.asked.get(entry.number)) is not None:
            file_name = self.session.get_one(BankStatement, other).file_name
            self._hold(identified, Problem(HeldReason.IN_BOTH, "statement", file_name))
        elif problem is not None:
            payment = self._book(identified)[0]
            self._add_held(identified, problem, HeldState.BOOKED, payment)
        # Twice in one statement: where its balances fit, it came twice; else the bank is asked.
        elif identified.is_repeated and not self._is_proved:
            self._hold(identified, Problem(HeldReason.REPEATED, "reference", entry.reference))
        else:
            self._use(identified)

    def _hold(self, identified: Identified, problem: Problem) -> None:
        self.counts.held += 1
        self._add_held(identified, problem, HeldState.WAITING)

    def _add_held(
        self,
        identified: Identified,
        problem: Problem,
        state: HeldState,
        payment: Payment | None = None,
    ) -> None:
        entry = identified.entry
        row = hold(
            self.session,
            self.statement,
            entry,
            problem,
            state,
            at=self.at,
            payment=payment,
            before=self.settled.get(entry.number),
        )
        row.identity = identified.identity

    def _use(self, identified: Identified) -> None:
        """Book an entry, find what it is for, pay that with it, keep what was paid ahead."""
        # Where only the payer differs from one that is booked, a person says what the money is for.
        is_certain = identified.entry.number not in self.claims.differing
        self.counts.differing += not is_certain
        for payment in self._book(identified):
            match = find_match(self.session, payment, packs=self.packs) if is_certain else None
            if match is not None:
                used = allocate(
                    self.session,
                    payment,
                    match.bills,
                    matched_by=match.matched_by,
                    order=self.order,
                    actor=self.actor,
                    at=self.at,
                    named=match.named,
                    packs=self.packs,
                )
                self.counts.matched += bool(used)
                keep_for_months_to_come(self.session, payment, actor=self.actor, at=self.at)

    def _book(self, identified: Identified) -> list[Payment]:
        """Write an entry down as the money that came: one payment, or one for each of its parts."""
        entry = identified.entry
        assert entry.amount_fen is not None
        assert entry.entry_on is not None
        parts = entry.parts or (Part(entry.amount_fen, entry.payer),)
        payments = [
            self._record(identified, part, entry.entry_on, number)
            for number, part in enumerate(parts, 1)
        ]
        self.counts.booked += 1
        self.counts.payments += len(payments)
        # An overlapping statement is compared with the first: the entry is one however it is cut.
        self.booked.append((identified, payments))
        return payments

    def _record(self, identified: Identified, part: Part, on: date, number: int) -> Payment:
        payer = part.payer
        # With the statement: once that is taken back, another one may bring the same entry, and it
        # becomes a payment again.
        key = entry_key("entry", identified.account, identified.identity, number, self.statement.id)
        received = Received(key, part.amount_fen, on, payer.name, payer.account, payer.remittance)
        payment, _is_new = record_payment(
            self.session,
            self.statement.region_code,
            self._kind,
            received,
            actor=self.actor,
            at=self.at,
            statement_id=self.statement.id,
        )
        return payment
