"""A year of a pension account: what was paid in, and the interest on it.

职工基本养老保险个人账户管理暂行办法 (劳办发〔1997〕116号), 人社部发〔2017〕31号. The year's rate is
published in the middle of the next year; until then the last known one makes a provisional figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from siweb.rules.errors import RuleError
from siweb.rules.explanation import Explained, Sources, Step
from siweb.rules.numbers.arithmetic import Rounding, rounded_quotient
from siweb.rules.numbers.quantity import Quantity, count, exact, factor, fen, months, percent, word
from siweb.rules.numbers.rates import PPM

_RULE = "劳办发〔1997〕116号"
_YEAR = 12

Deposit = tuple[int, int]
"""A month of the year, 1 to 12, and the fen paid in for it."""


class InterestMethod(StrEnum):
    """Interest by the months each deposit lay there, or on the year's sum with one factor."""

    MONTH_PRODUCT = "month_product"
    YEARLY = "yearly"


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """The year's rate in ppm and the settings; `sources` go by these names.

    `yearly_factor` in ppm is the yearly method's 1.083. `settled` is false while the rate is the
    last known one instead of the year's own.
    """

    rate: int
    method: InterestMethod = InterestMethod.MONTH_PRODUCT
    yearly_factor: int = 1_083_000
    rounding: Rounding = Rounding.HALF_UP_FEN
    settled: bool = True
    sources: Sources = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AccountYear:
    """The account at the end of the period; fen, and fen times months for `month_product`."""

    opening: int
    opening_interest: int
    month_product: int
    deposit_interest: int
    deposits: int
    settled: bool

    @property
    def closing(self) -> int:
        """Everything together."""
        return self.opening + self.opening_interest + self.deposits + self.deposit_interest


def compute_account_year(
    opening: int, deposits: Sequence[Deposit], terms: InterestTerms, through_month: int = _YEAR
) -> AccountYear:
    """Return the account through a month of the year, normally December.

    Whoever retires during the year is credited through that month, at the last known rate. The
    yearly method is for whole years only.

    :raises RuleError: "deposit_month", "through_month", "amount_negative", "yearly_through_month".
    """
    _refuse_wrong_input(opening, deposits, terms, through_month)
    # A deposit bears interest from its own month on, that month included.
    # Added up before the rate is taken, so that the year is rounded once and not twelve times.
    month_product = sum(fen_in * (through_month - number + 1) for number, fen_in in deposits)
    total = sum(fen_in for _, fen_in in deposits)
    if terms.method is InterestMethod.YEARLY:
        interest = rounded_quotient(
            # Twelve equal deposits lie there for 78 months in all, 6.5 of 12: half of 1.083.
            total * terms.rate * terms.yearly_factor,
            2 * PPM * PPM,
            terms.rounding,
        )
    else:
        interest = rounded_quotient(month_product * terms.rate, _YEAR * PPM, terms.rounding)
    # Rounded by itself: the yearly notice shows it as a line of its own, and its lines must add up.
    on_opening = rounded_quotient(opening * terms.rate * through_month, _YEAR * PPM, terms.rounding)
    return AccountYear(opening, on_opening, month_product, interest, total, terms.settled)


def explain_account_year(
    opening: int, deposits: Sequence[Deposit], terms: InterestTerms, through_month: int = _YEAR
) -> Explained[AccountYear]:
    """Return what `compute_account_year` does, with its steps."""
    year = compute_account_year(opening, deposits, terms, through_month)
    is_yearly = terms.method is InterestMethod.YEARLY
    deposit_steps = _yearly_steps(year, terms) if is_yearly else _product_steps(year, terms)
    closing = Step(
        "closing",
        "opening + opening_interest + deposits + deposit_interest",
        {
            "opening": fen(year.opening),
            "opening_interest": fen(year.opening_interest),
            "deposits": fen(year.deposits),
            "deposit_interest": fen(year.deposit_interest),
        },
        fen(year.closing),
        _RULE,
    )
    opening_step = _opening_step(year, terms, through_month)
    return Explained(year, (opening_step, *deposit_steps, closing))


def _refuse_wrong_input(
    opening: int, deposits: Sequence[Deposit], terms: InterestTerms, through_month: int
) -> None:
    if not 1 <= through_month <= _YEAR:
        raise RuleError("through_month", month=through_month)
    # 1.083 is the mean of twelve equal deposits: of a part of a year it says nothing.
    if terms.method is InterestMethod.YEARLY and through_month != _YEAR:
        raise RuleError("yearly_through_month", month=through_month)
    for number, fen_in in deposits:
        if not 1 <= number <= through_month:
            raise RuleError("deposit_month", month=number, through=through_month)
        if fen_in < 0:
            raise RuleError("amount_negative", amount=fen_in)
    if opening < 0:
        raise RuleError("amount_negative", amount=opening)


def _opening_step(year: AccountYear, terms: InterestTerms, through_month: int) -> Step:
    inputs = {"opening": fen(year.opening), "rate": percent(terms.rate)}
    formula = "round(opening * rate)"
    if through_month != _YEAR:
        inputs["months"] = months(through_month)
        formula = "round(opening * rate * months / 12)"
    inputs["rounding"] = word(terms.rounding)
    source = terms.sources.get("rate")
    return Step("opening_interest", formula, inputs, fen(year.opening_interest), _RULE, source)


def _product_steps(year: AccountYear, terms: InterestTerms) -> tuple[Step, ...]:
    product = fen(year.month_product)
    yearly = exact(year.month_product * terms.rate)
    inputs: dict[str, Quantity] = {"month_product": product, "rate": percent(terms.rate)}
    rounding = {"exact": yearly, "twelve": count(_YEAR), "rounding": word(terms.rounding)}
    return (
        Step(
            "month_product",
            "sum(deposit * months)",
            {"deposits": fen(year.deposits)},
            product,
            _RULE,
        ),
        Step(
            "year_interest",
            "month_product * rate",
            inputs,
            yearly,
            _RULE,
            terms.sources.get("rate"),
        ),
        Step(
            "deposit_interest", "round(exact / twelve)", rounding, fen(year.deposit_interest), _RULE
        ),
    )


def _yearly_steps(year: AccountYear, terms: InterestTerms) -> tuple[Step, ...]:
    inputs = {
        "deposits": fen(year.deposits),
        "rate": percent(terms.rate),
        "yearly_factor": factor(terms.yearly_factor),
        "rounding": word(terms.rounding),
    }
    return (
        Step(
            "deposit_interest",
            "round(deposits * rate * yearly_factor / 2)",
            inputs,
            fen(year.deposit_interest),
            _RULE,
            terms.sources.get("rate"),
        ),
    )
