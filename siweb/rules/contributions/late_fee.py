"""The late fee (滞纳金): simple, by the day, from the day of arrears (SIL 86).

0.05 % a day is the law's figure and comes with the terms, like the two things that practice
differs on: whether the day of payment counts, and whether the fee may pass the principal
(Administrative Enforcement Law 45).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from siweb.rules.errors import RuleError
from siweb.rules.explanation import Explained, Sources, Step
from siweb.rules.numbers.arithmetic import INTEGERS, Arithmetic, Rounding, rounded_quotient
from siweb.rules.numbers.quantity import day, days, exact, fen, percent, word
from siweb.rules.numbers.rates import PPM

# 征缴暂行条例 13 still says 2 per mille a day. SIL 86 is later and higher: 0.05 %.
_RULE = "SIL 86"


class DayCount(StrEnum):
    """Which days of delay count; both start on the day after the due day."""

    THROUGH_PAYMENT = "through_payment"
    BEFORE_PAYMENT = "before_payment"


@dataclass(frozen=True, slots=True)
class LateFeeTerms:
    """The daily rate in ppm (0.05 % is 500) and the settings; `sources` go by these names."""

    daily_rate: int
    # Whether 行政强制法 45 governs a fee that another law sets is disputed: a region says so.
    capped: bool = False
    day_count: DayCount = DayCount.THROUGH_PAYMENT
    rounding: Rounding = Rounding.HALF_UP_FEN
    sources: Sources = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LateFee:
    """The days that counted and the fee in fen."""

    days: int
    amount: int


def overdue_days(
    due_on: date, paid_on: date, day_count: DayCount = DayCount.THROUGH_PAYMENT
) -> int:
    """Return the days of delay; none when paid on the due day or before."""
    last_counted = 0 if day_count is DayCount.THROUGH_PAYMENT else 1
    return max(0, (paid_on - due_on).days - last_counted)


def late_fee_amount(
    principal: Any, days_late: Any, terms: LateFeeTerms, arithmetic: Arithmetic = INTEGERS
) -> Any:
    """Return the fee in fen on `principal` fen; also as a database expression over columns."""
    # The cap comes after rounding: the fee may reach the principal (行政强制法 45), never pass it.
    fee = rounded_quotient(principal * terms.daily_rate * days_late, PPM, terms.rounding)
    return arithmetic.least(fee, principal) if terms.capped else fee


def compute_late_fee(principal: int, due_on: date, paid_on: date, terms: LateFeeTerms) -> LateFee:
    """Return days and fee for arrears of `principal` fen, rounded once.

    :raises RuleError: "principal_negative".
    """
    if principal < 0:
        raise RuleError("principal_negative", principal=principal)
    days_late = overdue_days(due_on, paid_on, terms.day_count)
    return LateFee(days_late, late_fee_amount(principal, days_late, terms))


def explain_late_fee(
    principal: int, due_on: date, paid_on: date, terms: LateFeeTerms
) -> Explained[LateFee]:
    """Return what `compute_late_fee` does, with its steps."""
    fee = compute_late_fee(principal, due_on, paid_on, terms)
    steps = [
        Step(
            "overdue_days",
            "max(0, paid_date - due_date)",
            {
                "due_date": day(due_on),
                "paid_date": day(paid_on),
                "day_count": word(terms.day_count),
            },
            days(fee.days),
            f"{_RULE}; 税收征收管理法实施细则 75",
            terms.sources.get("day_count"),
        ),
        *_amount_steps(principal, fee.days, terms),
    ]
    if terms.capped:
        steps.append(_cap_step(principal, fee, terms))
    return Explained(fee, tuple(steps))


def _amount_steps(principal: int, days_late: int, terms: LateFeeTerms) -> tuple[Step, Step]:
    product = principal * terms.daily_rate * days_late
    inputs = {
        "principal": fen(principal),
        "daily_rate": percent(terms.daily_rate),
        "days": days(days_late),
    }
    rate_source = terms.sources.get("daily_rate")
    rounded = fen(rounded_quotient(product, PPM, terms.rounding))
    rounding = {"exact": exact(product), "rounding": word(terms.rounding)}
    return (
        Step(
            "late_fee_exact",
            "principal * daily_rate * days",
            inputs,
            exact(product),
            _RULE,
            rate_source,
        ),
        Step("late_fee", "round(exact)", rounding, rounded, _RULE, terms.sources.get("rounding")),
    )


def _cap_step(principal: int, fee: LateFee, terms: LateFeeTerms) -> Step:
    uncapped = late_fee_amount(
        principal, fee.days, LateFeeTerms(terms.daily_rate, rounding=terms.rounding)
    )
    return Step(
        "late_fee_cap",
        "min(late_fee, principal)",
        {"late_fee": fen(uncapped), "principal": fen(principal)},
        fen(fee.amount),
        "行政强制法 45",
        terms.sources.get("capped"),
    )
