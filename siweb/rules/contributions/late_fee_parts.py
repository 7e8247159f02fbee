"""The late fee of arrears that are paid in parts: by the day, on what was unpaid that day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from siweb.rules.contributions.late_fee import LateFeeTerms, overdue_days
from siweb.rules.errors import RuleError
from siweb.rules.numbers.arithmetic import rounded_quotient
from siweb.rules.numbers.rates import PPM

Part = tuple[date, int]
"""The day on which a part of the principal was paid, and how much of it in fen."""


def compute_part_paid_late_fee(
    principal: int, parts: Iterable[Part], due_on: date, on: date, terms: LateFeeTerms
) -> int:
    """Return the fee in fen through `on`, exact by the day and rounded once.

    Each part owes for the days until it was paid and the rest until `on`: the same as adding up,
    day by day, what was still unpaid. A part paid after `on` was unpaid on that day.

    :raises RuleError: "principal_negative", or "overpaid" when the parts exceed the principal.
    """
    if principal < 0:
        raise RuleError("principal_negative", principal=principal)
    days_late = overdue_days(due_on, on, terms.day_count)
    unpaid, fen_days = principal, 0
    for paid_on, paid in parts:
        unpaid -= paid
        fen_days += paid * min(days_late, overdue_days(due_on, paid_on, terms.day_count))
    if unpaid < 0:
        raise RuleError("overpaid", principal=principal, overpaid=-unpaid)
    fen_days += unpaid * days_late
    fee: int = rounded_quotient(fen_days * terms.daily_rate, PPM, terms.rounding)
    return min(fee, principal) if terms.capped else fee
