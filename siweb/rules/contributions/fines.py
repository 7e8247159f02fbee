"""The ranges within which a person decides a fine; siweb never picks the amount.

SIL 84 (not registered), 86 (arrears not paid in time), 88 (benefits obtained by fraud);
征缴暂行条例 23 and 24 for the persons responsible.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from siweb.rules.errors import RuleError
from siweb.rules.explanation import Explained, Sources, Step
from siweb.rules.numbers.quantity import count, fen

_FEN_PER_YUAN = 100


class FineUnit(StrEnum):
    """What the ends of a range count: multiples of an amount, or yuan."""

    TIMES = "times"
    YUAN = "yuan"


@dataclass(frozen=True, slots=True)
class FineTerms:
    """One provision's range, from `least` to `most` in its unit."""

    rule: str
    least: int
    most: int
    unit: FineUnit = FineUnit.TIMES
    sources: Sources = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FineRange:
    """The least and the most a fine may be, in fen."""

    least: int
    most: int


def fine_range(amount: int, terms: FineTerms) -> FineRange:
    """Return the range; for multiples of `amount` fen (zero or more), or as it is in yuan.

    :raises RuleError: "amount_negative".
    """
    if amount < 0:
        raise RuleError("amount_negative", amount=amount)
    unit_fen = amount if terms.unit is FineUnit.TIMES else _FEN_PER_YUAN
    return FineRange(unit_fen * terms.least, unit_fen * terms.most)


def explain_fine_range(amount: int, terms: FineTerms) -> Explained[FineRange]:
    """Return what `fine_range` does, with a step for each end."""
    span = fine_range(amount, terms)
    steps = (
        _end_step("least", amount, span.least, terms),
        _end_step("most", amount, span.most, terms),
    )
    return Explained(span, steps)


def _end_step(end: str, amount: int, result: int, terms: FineTerms) -> Step:
    source = terms.sources.get(end)
    if terms.unit is FineUnit.YUAN:
        inputs = {"yuan": fen(result)}
        return Step(f"fine_{end}", "yuan", inputs, fen(result), terms.rule, source)
    inputs = {"amount": fen(amount), "times": count(getattr(terms, end))}
    return Step(f"fine_{end}", "amount * times", inputs, fen(result), terms.rule, source)
