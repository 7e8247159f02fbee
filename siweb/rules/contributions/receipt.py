"""What a bank statement says it holds, and what the money it holds makes of a bill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class BillState(StrEnum):
    """How far a bill is paid."""

    OPEN = "open"
    PART_PAID = "part_paid"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class BillBalance:
    """What is left to pay and what was paid too much, which stays the payer's; fen.

    Paid means in full: no fen is rounded away.
    """

    open: int
    unallocated: int
    state: BillState


def control_difference(
    amounts: Sequence[int],
    *,
    count: int | None = None,
    total: int | None = None,
    opening: int | None = None,
    closing: int | None = None,
) -> tuple[int, int]:
    """Return by how many entries and how many fen a statement departs from what it names.

    Both zero: the entries fit the statement. What it does not name is no difference.
    """
    entries = 0 if count is None else count - len(amounts)
    fen = 0 if total is None else total - sum(amounts)
    # Only where the totals agree: one wrong entry would otherwise be told as two differences.
    if not fen and opening is not None and closing is not None:
        fen = closing - opening - sum(amounts)
    return entries, fen


def balance_of(due: int, received: int) -> BillBalance:
    """Return what `received` fen make of a bill of `due` fen."""
    state = BillState.PART_PAID if due > received else BillState.PAID
    # A bill of nothing is paid by nothing, hence zero is no open bill.
    if received <= 0 < due:
        state = BillState.OPEN
    return BillBalance(max(0, due - received), max(0, received - due), state)


def states_after(due: int, amounts: Iterable[int]) -> tuple[BillState, ...]:
    """Return a bill's state after each entry; an entry below zero takes its money away again."""
    found, received = [], 0
    for amount in amounts:
        received += amount
        found.append(balance_of(due, received).state)
    return tuple(found)


def kept_parts(entries: Iterable[tuple[date, int]]) -> tuple[tuple[date, int], ...]:
    """Return the payments that were not taken back: money that went back was never paid.

    Each entry below zero cancels the last earlier payment of the same amount, so that the bill is
    open again from its first due day.
    """
    kept: list[tuple[date, int]] = []
    for day, amount in entries:
        if amount >= 0:
            kept.append((day, amount))
            continue
        # Banks name the amount of what comes back, seldom the payment: the last equal one is the
        # least to undo of what is known by then.
        place = next((i for i in range(len(kept) - 1, -1, -1) if kept[i][1] == -amount), None)
        if place is not None:
            del kept[place]
    return tuple(kept)
