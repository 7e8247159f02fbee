"""The late fee against a model that goes day by day in exact fractions."""

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from siweb.rules.contributions.late_fee_months import Due, Pause, compute_monthly_late_fee
from siweb.rules.parameters.load import load_packs

START = date(2026, 1, 15)
AMOUNTS = (1, 999, 1_000, 1_001, 2_000)
"""Around the halves of a fen at 0.05 % a day."""


def on(days):
    return START + timedelta(days=days)


def history(draw):
    """Some due days, payments in any order of days, and perhaps a deferral."""
    dues = [
        Due(on(draw.randrange(60)), draw.choice((*AMOUNTS, draw.randrange(1, 10**7))))
        for _ in range(draw.randrange(1, 4))
    ]
    left, parts = sum(due.amount_fen for due in dues), []
    for _ in range(draw.randrange(4)):
        paid = draw.randrange(left + 1)
        left -= paid
        parts.append((on(draw.randrange(-5, 120)), paid))
    first = draw.randrange(80)
    pauses = [Pause(on(first), on(first + draw.randrange(40)), None)] * draw.randrange(2)
    return dues, parts, pauses, draw.randrange(130)


def fee_by_the_day(dues, parts, pauses, last, ppm):
    """Money goes to what was due first; each month's fee is rounded once."""
    ordered = sorted(dues, key=lambda due: due.due_on)
    fees = [Fraction(0)] * len(ordered)
    for day in map(on, range(-6, last + 1)):
        # The day of the payment still counts.
        paid = sum(fen for paid_on, fen in parts if paid_on < day)
        for place, due in enumerate(ordered):
            used = min(paid, due.amount_fen)
            paid -= used
            if day > due.due_on and not any(one.first <= day <= one.last for one in pauses):
                fees[place] += Fraction((due.amount_fen - used) * ppm, 1_000_000)
    return sum(int(fee + Fraction(1, 2)) for fee in fees)


@pytest.mark.parametrize("seed", range(4))
def test_the_fee_is_what_the_days_add_up_to(seed):
    terms = load_packs().parameters("310000", "2026-01").late_fee_terms()
    draw = random.Random(seed)
    for _ in range(60):
        dues, parts, pauses, last = history(draw)

        fee = compute_monthly_late_fee(dues, parts, on(last), terms, pauses=pauses)

        assert fee == fee_by_the_day(dues, parts, pauses, last, terms.daily_rate)
