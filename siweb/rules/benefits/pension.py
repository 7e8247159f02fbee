"""An estimate of the monthly pension: the basic part, and the account over the months table.

国发〔2005〕38号. Always an estimate: the part for years before 1996 to 1998 is provincial and comes
in as a figure, and practice on ages between two birthdays differs, so that it is a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from siweb.rules.errors import RuleError
from siweb.rules.explanation import Explained, Sources, Step
from siweb.rules.numbers.arithmetic import Rounding, rounded_quotient
from siweb.rules.numbers.quantity import Quantity, Unit, factor, fen, months, percent, word
from siweb.rules.numbers.rates import PPM, shortest_decimal

_RULE = "国发〔2005〕38号"


class AgeMethod(StrEnum):
    """How the months table is read between two birthdays."""

    INTERPOLATION = "interpolation"
    INTERPOLATION_TENTH = "interpolation_tenth"
    TRUNCATION = "truncation"


class AccrualUnit(StrEnum):
    """What the accrual rate is for: a year of contribution (1 %) or a month (Shanghai, 0.083 %)."""

    YEAR = "year"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Ratio:
    """An exact quotient of two whole numbers, the lower one above zero."""

    numerator: int
    denominator: int

    def __str__(self) -> str:
        """Return at most four decimal places, half up."""
        scaled = (self.numerator * 10_000 + self.denominator // 2) // self.denominator
        return shortest_decimal(scaled, 4)


@dataclass(frozen=True, slots=True)
class PensionTerms:
    """The months table by whole age, and the settings; `accrual_rate` in ppm."""

    months_table: Mapping[int, int]
    accrual_rate: int = 10_000
    accrual_unit: AccrualUnit = AccrualUnit.YEAR
    age_method: AgeMethod = AgeMethod.INTERPOLATION
    rounding: Rounding = Rounding.HALF_UP_FEN
    sources: Sources = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PensionFacts:
    """What is known of the person: wage and balance in fen, index in ppm, years, age in months.

    `average_wage` is the province's figure to compute by (计发基数); `transitional` is what the
    province adds for early years, in fen.
    """

    average_wage: int
    index: int
    years: Ratio
    balance: int
    age: int
    transitional: int = 0


@dataclass(frozen=True, slots=True)
class PensionEstimate:
    """The parts of a monthly pension in fen, and the months that the account is spread over."""

    basic: int
    payout_months: Ratio
    account: int
    transitional: int

    @property
    def total(self) -> int:
        """All parts together."""
        return self.basic + self.account + self.transitional


def payout_months(age: int, terms: PensionTerms) -> Ratio:
    """Return the months that the account is spread over, for an age in months.

    :raises RuleError: "age_range" where the table has no row.
    """
    years, beyond = divmod(age, 12)
    table = terms.months_table
    if years not in table:
        raise RuleError("age_range", age=age)
    if beyond == 0 or terms.age_method is AgeMethod.TRUNCATION:
        return Ratio(table[years], 1)
    # The published table ends at 70: who is older by months is not answered by a guess.
    if years + 1 not in table:
        raise RuleError("age_range", age=age)
    twelfths = table[years] * (12 - beyond) + table[years + 1] * beyond
    if terms.age_method is AgeMethod.INTERPOLATION:
        return Ratio(twelfths, 12)
    # Twelfths to tenths of a month, half up: the setting for tables printed with one place.
    return Ratio((twelfths * 10 + 6) // 12, 10)


def basic_pension(facts: PensionFacts, terms: PensionTerms) -> int:
    """Return (wage + wage * index) / 2 * years * 1 % in fen, rounded once."""
    # A rate for a month counts twelve times a year.
    units = 1 if terms.accrual_unit is AccrualUnit.YEAR else 12
    # Multiplied out and divided once at the end: a division in between would lose fen each month.
    # One PPM is the index's, one the accrual rate's; the 2 makes the mean of both wages.
    numerator = facts.average_wage * (PPM + facts.index) * terms.accrual_rate
    amount: int = rounded_quotient(
        numerator * facts.years.numerator * units,
        2 * PPM * PPM * facts.years.denominator,
        terms.rounding,
    )
    return amount


def account_pension(balance: int, spread: Ratio, rounding: Rounding) -> int:
    """Return the balance in fen over the months it is spread over, rounded once."""
    amount: int = rounded_quotient(balance * spread.denominator, spread.numerator, rounding)
    return amount


def estimate_pension(facts: PensionFacts, terms: PensionTerms) -> PensionEstimate:
    """Return the monthly parts, each rounded.

    :raises RuleError: "age_range" where the months table has no row, "amount_negative".
    """
    figures = (facts.average_wage, facts.index, facts.years.numerator, facts.balance)
    if min(*figures, facts.transitional) < 0:
        raise RuleError("amount_negative", amount=min(*figures, facts.transitional))
    spread = payout_months(facts.age, terms)
    account = account_pension(facts.balance, spread, terms.rounding)
    return PensionEstimate(basic_pension(facts, terms), spread, account, facts.transitional)


def explain_pension(facts: PensionFacts, terms: PensionTerms) -> Explained[PensionEstimate]:
    """Return what `estimate_pension` does, with its steps."""
    estimate = estimate_pension(facts, terms)
    total = Step(
        "total",
        "basic + account + transitional",
        {
            "basic": fen(estimate.basic),
            "account": fen(estimate.account),
            "transitional": fen(estimate.transitional),
        },
        fen(estimate.total),
        _RULE,
    )
    account_steps = _account_steps(facts, estimate, terms)
    return Explained(estimate, (_basic_step(facts, estimate, terms), *account_steps, total))


def _basic_step(facts: PensionFacts, estimate: PensionEstimate, terms: PensionTerms) -> Step:
    is_yearly = terms.accrual_unit is AccrualUnit.YEAR
    tenure = "years" if is_yearly else "months"
    units = facts.years if is_yearly else Ratio(facts.years.numerator * 12, facts.years.denominator)
    return Step(
        "basic",
        f"round((average_wage + average_wage * index) / 2 * {tenure} * accrual_rate)",
        {
            "average_wage": fen(facts.average_wage),
            "index": factor(facts.index),
            tenure: _decimal(units),
            "accrual_rate": percent(terms.accrual_rate),
            "rounding": word(terms.rounding),
        },
        fen(estimate.basic),
        _RULE,
        terms.sources.get("accrual_rate"),
    )


def _account_steps(
    facts: PensionFacts, estimate: PensionEstimate, terms: PensionTerms
) -> tuple[Step, Step]:
    spread = _decimal(estimate.payout_months)
    return (
        Step(
            "payout_months",
            "months_table(age)",
            {"age": months(facts.age), "age_method": word(terms.age_method)},
            spread,
            _RULE,
            terms.sources.get("months_table"),
        ),
        Step(
            "account",
            "round(balance / payout_months)",
            {
                "balance": fen(facts.balance),
                "payout_months": spread,
                "rounding": word(terms.rounding),
            },
            fen(estimate.account),
            _RULE,
        ),
    )


def _decimal(ratio: Ratio) -> Quantity:
    return Quantity(str(ratio), Unit.DECIMAL)
