"""What the agency fixes when an employer does not declare (核定).

SIL 62: 110 % of last month's amount, settled after a late declaration. Some cities raise each
employee's base instead when the yearly base declaration is missing; that is a rule of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from siweb.rules.errors import RuleError
from siweb.rules.explanation import Explained, Sources, Step
from siweb.rules.numbers.arithmetic import Rounding, clamp, share_of
from siweb.rules.numbers.quantity import exact, fen, percent, word

_RULE = "SIL 62; 社会保险费申报缴纳管理规定 8"
_BASE_RULE = "practice"


class NoLastMonth(RuleError):
    """When there is no last month to go by, so that a person decides (Order 20, Article 8)."""

    def __init__(self) -> None:
        super().__init__("no_last_month")


class AssessmentScope(StrEnum):
    """Whether 110 % is taken of each insurance, or of the total and rounded once."""

    INSURANCE = "insurance"
    TOTAL = "total"


class LastMonth(StrEnum):
    """Which last month counts when a month is assessed for the second time in a row."""

    PAID = "paid"
    ASSESSED = "assessed"


@dataclass(frozen=True, slots=True)
class AssessmentTerms:
    """The rate in ppm (110 % is 1 100 000) and the settings; `sources` go by these names."""

    rate: int
    # Neither is in SIL 62. By insurance each fund's ledger stays right by itself; on the last
    # paid month a second assessment in a row does not grow.
    scope: AssessmentScope = AssessmentScope.INSURANCE
    last_month: LastMonth = LastMonth.PAID
    rounding: Rounding = Rounding.HALF_UP_FEN
    sources: Sources = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a late declaration changes: `balance` is still to pay, negative is to give back; fen."""

    due: int
    assessed: int

    @property
    def balance(self) -> int:
        """Due as declared, less what was assessed."""
        return self.due - self.assessed


def last_month_amount(paid: int | None, assessed: int | None, terms: AssessmentTerms) -> int:
    """Return the amount in fen that counts as last month's, more than zero.

    :raises NoLastMonth: if there is none or nothing was owed (all staff had left, or it was never
        charged): 110 % of nothing is no assessment, a person decides by operations, headcount and
        the local average wage (Order 259, Article 10).
    """
    # A second month in a row: on the paid one 110 % stays 110 %, on the assessed one it compounds.
    amount = assessed if terms.last_month is LastMonth.ASSESSED and assessed is not None else paid
    if not amount:
        raise NoLastMonth
    return amount


def assess_amount(last_month: int, terms: AssessmentTerms) -> int:
    """Return the assessed amount in fen for last month's `last_month` fen (zero or more)."""
    assessed: int = share_of(last_month, terms.rate, terms.rounding)
    return assessed


def assess_insurances(last_month: Mapping[str, int], terms: AssessmentTerms) -> int:
    """Return the assessed total in fen from last month's fen per insurance."""
    if terms.scope is AssessmentScope.TOTAL:
        return assess_amount(sum(last_month.values()), terms)
    return sum(assess_amount(amount, terms) for amount in last_month.values())


def explain_assessment(last_month: int, terms: AssessmentTerms) -> Explained[int]:
    """Return what `assess_amount` does, with its steps."""
    assessed = assess_amount(last_month, terms)
    return Explained(
        assessed, _rate_steps(("assessed", "last_month_paid", _RULE), last_month, assessed, terms)
    )


def settle_assessment(due: int, assessed: int) -> Explained[Settlement]:
    """Return what remains after a late declaration of `due` fen; both zero or more (SIL 62)."""
    settlement = Settlement(due, assessed)
    step = Step(
        "balance",
        "due - assessed",
        {"due": fen(due), "assessed": fen(assessed)},
        fen(settlement.balance),
        _RULE,
    )
    return Explained(settlement, (step,))


def explain_undeclared_base(
    last_base: int, base_floor: int, base_ceiling: int, terms: AssessmentTerms
) -> Explained[int]:
    """Return the base in fen that a city sets when the yearly declaration is missing.

    The last base is raised by the terms' rate and kept within the new limits (practice of
    Nanjing, Taizhou, Xuzhou and Beijing; not SIL 62, which is about amounts).
    """
    raised = assess_amount(last_base, terms)
    base: int = clamp(raised, base_floor, base_ceiling)
    limits = Step(
        "base_limits",
        "min(max(base, base_floor), base_ceiling)",
        {"base": fen(raised), "base_floor": fen(base_floor), "base_ceiling": fen(base_ceiling)},
        fen(base),
        "国办发〔2019〕13号",
    )
    raising = _rate_steps(("base", "last_base", _BASE_RULE), last_base, raised, terms)
    return Explained(base, (*raising, limits))


def _rate_steps(
    names: tuple[str, str, str], amount: int, result: int, terms: AssessmentTerms
) -> tuple[Step, Step]:
    label, name, rule = names
    product = exact(amount * terms.rate)
    return (
        Step(
            f"{label}_exact",
            f"{name} * rate",
            {name: fen(amount), "rate": percent(terms.rate)},
            product,
            rule,
            terms.sources.get("rate"),
        ),
        Step(
            label,
            "round(exact)",
            {"exact": product, "rounding": word(terms.rounding)},
            fen(result),
            rule,
            terms.sources.get("rounding"),
        ),
    )
