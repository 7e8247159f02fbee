"""The late fee of one due day once more, written part by part instead of stretch by stretch."""

from siweb.rules.contributions.late_fee import overdue_days
from siweb.rules.numbers.arithmetic import rounded_quotient


def late_fee_by_parts(principal, parts, due_on, on, terms):
    """Each part owes for the days until it was paid, the rest until `on`; rounded once."""
    late = overdue_days(due_on, on, terms.day_count)
    fen_days = (principal - sum(paid for _, paid in parts)) * late
    for paid_on, paid in parts:
        fen_days += paid * min(late, overdue_days(due_on, paid_on, terms.day_count))
    fee = rounded_quotient(fen_days * terms.daily_rate, 1_000_000, terms.rounding)
    return min(fee, principal) if terms.capped else fee
