"""How many months of unemployment benefit a person may draw (SIL 45, 46)."""

from __future__ import annotations

from dataclasses import dataclass, field

from siweb.rules.errors import RuleError
from siweb.rules.explanation import Explained, Sources, Step
from siweb.rules.numbers.quantity import months


@dataclass(frozen=True, slots=True)
class BenefitTerms:
    """Benefit months by months paid: (from months, benefit months), in order; and the cap."""

    rows: tuple[tuple[int, int], ...]
    most: int
    sources: Sources = field(default_factory=dict, compare=False, repr=False)


def earned_months(contributed: int, terms: BenefitTerms) -> int:
    """Return the benefit months that `contributed` months earn; none below the first row.

    :raises RuleError: "months_negative".
    """
    if contributed < 0:
        raise RuleError("months_negative", months=contributed)
    # SIL 46 names only the longest. A province sets fewer within it (Guangdong:
    # 广东省失业保险条例 17), so the rows come from the region's pack. Below the first row: SIL 45
    # asks for a year at least.
    reached = [benefit for from_months, benefit in terms.rows if from_months <= contributed]
    return reached[-1] if reached else 0


def benefit_months(contributed: int, carried: int, terms: BenefitTerms) -> int:
    """Return the months that may be drawn: earned anew, and `carried` over from the last time.

    :raises RuleError: "months_negative".
    """
    if carried < 0:
        raise RuleError("months_negative", months=carried)
    # The cap is for both together: months saved up never make a spell longer than the law's most.
    return min(terms.most, earned_months(contributed, terms) + carried)


def explain_benefit_months(contributed: int, carried: int, terms: BenefitTerms) -> Explained[int]:
    """Return what `benefit_months` does, with its steps."""
    drawn = benefit_months(contributed, carried, terms)
    earned = earned_months(contributed, terms)
    earned_step = Step(
        "earned_months",
        "table(months_contributed)",
        {"months_contributed": months(contributed)},
        months(earned),
        "SIL 45, 46",
        terms.sources.get("rows"),
    )
    most_step = Step(
        "max_months",
        "min(most, earned_months + carried_months)",
        {
            "earned_months": months(earned),
            "carried_months": months(carried),
            "most": months(terms.most),
        },
        months(drawn),
        "SIL 46",
        terms.sources.get("most"),
    )
    return Explained(drawn, (earned_step, most_step))
