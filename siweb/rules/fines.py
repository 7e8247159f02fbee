"""The ranges within which a person decides a fine; siweb never picks the amount.

SIL 84 (not registered), 86 (arrears not paid in time), 88 (benefits obtained by fraud).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from siweb.rules.errors import RuleError
from siweb.rules.explanation import Explained, Sources, Step
from siweb.rules.quantity import count, fen


@dataclass(frozen=True, slots=True)
class FineRange:
    """The least and the most a fine may be, in fen."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class FineTerms:
    """One article's range: a multiple of an amount, from `least` to `most` times."""

    article: str
    least: int
    most: int
    sources: Sources = field(default_factory=dict, compare=False, repr=False)


def fine_range(amount: int, terms: FineTerms) -> FineRange:
    """Return the range for `amount` fen (zero or more).

    :raises RuleError: "amount_negative".
    """
    if amount < 0:
        raise RuleError("amount_negative", amount=amount)
    return FineRange(amount * terms.least, amount * terms.most)


def explain_fine_range(amount: int, terms: FineTerms) -> Explained[FineRange]:
    """Return what `fine_range` does, with a step for each end."""
    span = fine_range(amount, terms)
    ends = (("least", terms.least, span.least), ("most", terms.most, span.most))
    steps = tuple(
        Step(
            f"fine_{end}",
            "amount * times",
            {"amount": fen(amount), "times": count(times)},
            fen(result),
            f"SIL {terms.article}",
            terms.sources.get(end),
        )
        for end, times, result in ends
    )
    return Explained(span, steps)
