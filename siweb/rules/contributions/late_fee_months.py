"""The late fee of a debt of several months: each month owes it from its own due day (SIL 86).

Paid in parts, and paused while the law lets the debt wait (缓缴): no day of a pause counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from siweb.rules.contributions.late_fee import DayCount, LateFeeTerms, overdue_days
from siweb.rules.errors import RuleError
from siweb.rules.numbers.arithmetic import rounded_quotient
from siweb.rules.numbers.rates import PPM

Part = tuple[date, int]
"""The day on which a part of the principal was paid, and how much of it in fen."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed for one month, in fen, and the last day on which it is in time."""

    due_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Days, first to last, on which no late fee is added on what waits.

    `fen` is what of the debt waits; None where all of it does. What does not wait is paid first.
    """

    first: date
    last: date
    fen: int | None = None

    def holds_on(self, day: int) -> bool:
        """Return whether a day, by its ordinal, lies in the pause."""
        return self.first.toordinal() <= day <= self.last.toordinal()


def compute_monthly_late_fee(
    dues: Iterable[Due],
    parts: Iterable[Part],
    on: date,
    terms: LateFeeTerms,
    *,
    pauses: Sequence[Pause] = (),
) -> int:
    """Return the fee in fen through `on`: by the day on what was unpaid, rounded once a month.

    Money counts for the month that was due first. Rounding by the month makes one bill over many
    months cost the same as a bill for each of them.

    :raises RuleError: "principal_negative", or "overpaid" when the parts exceed what is owed.
    """
    by_day = sorted(dues, key=lambda due: due.due_on)
    paid = list(parts)
    _refuse(by_day, paid)
    return sum(
        _fee_of(fen_days, due.amount_fen, terms)
        for due, fen_days in zip(by_day, _fen_days(by_day, paid, on, terms, pauses), strict=True)
    )


def overdue_days_outside(
    due_on: date, paid_on: date, pauses: Sequence[Pause], day_count: DayCount
) -> int:
    """Return the days of delay without those of the pauses (实施社会保险法若干规定 21, 22).

    The fee runs again from the day after a pause ends.
    """
    first = due_on.toordinal() + 1
    late = range(first, first + overdue_days(due_on, paid_on, day_count))
    return sum(1 for day in late if not any(pause.holds_on(day) for pause in pauses))


def _refuse(dues: Sequence[Due], parts: Sequence[Part]) -> None:
    for due in dues:
        if due.amount_fen < 0:
            raise RuleError("principal_negative", principal=due.amount_fen)
    principal = sum(due.amount_fen for due in dues)
    unpaid = principal - sum(fen for _, fen in parts)
    if unpaid < 0:
        raise RuleError("overpaid", principal=principal, overpaid=-unpaid)


def _fee_of(fen_days: int, principal: int, terms: LateFeeTerms) -> int:
    fee: int = rounded_quotient(fen_days * terms.daily_rate, PPM, terms.rounding)
    return min(fee, principal) if terms.capped else fee


def _fen_days(
    dues: Sequence[Due],
    parts: Sequence[Part],
    on: date,
    terms: LateFeeTerms,
    pauses: Sequence[Pause],
) -> list[int]:
    """Return for each month the unpaid fen of each late day, added up.

    Nothing changes within a stretch of days, so that a stretch is counted at once.
    """
    # Whether the day of a payment is itself a late day.
    counts = 1 if terms.day_count is DayCount.THROUGH_PAYMENT else 0
    # Stretches end before their last edge: `on` itself counts only where the day of payment does.
    end = on.toordinal() + counts
    settled = [(paid_on.toordinal() + counts, fen) for paid_on, fen in parts]
    starts = {due.due_on.toordinal() + 1 for due in dues} | {day for day, _ in settled}
    for pause in pauses:
        starts |= {pause.first.toordinal(), pause.last.toordinal() + 1}
    edges = [*sorted(day for day in starts if day < end), end]
    totals = [0] * len(dues)
    for first, following in pairwise(edges):
        bearing = _bearing(dues, [pause for pause in pauses if pause.holds_on(first)])
        money = sum(fen for day, fen in settled if day <= first)
        for place, (due, fen) in enumerate(zip(dues, bearing, strict=True)):
            used = min(max(money, 0), due.amount_fen)
            money -= used
            if due.due_on.toordinal() < first:
                totals[place] += max(0, fen - used) * (following - first)
    return totals


def _bearing(dues: Sequence[Due], pauses: Sequence[Pause]) -> list[int]:
    """Return what of each month bears the fee in a stretch of days: all but what waits.

    What waits is of the months that were due last, since money counts for the others first.
    """
    total = sum(due.amount_fen for due in dues)
    # Two pauses of the same days are about the same money: the larger holds, not their sum.
    waits = max((total if pause.fen is None else pause.fen for pause in pauses), default=0)
    left = max(0, total - waits)
    bearing = []
    for due in dues:
        bearing.append(min(due.amount_fen, left))
        left -= bearing[-1]
    return bearing
