"""The difference that new limits or rates make to months that were charged already (补差).

The amount owed is one amount (SIL 60): a difference is the new amount, rounded, less all that is
recorded, the first bill and every difference since. So a repeated run finds nothing, and a second
notice that corrects the first gives back what was too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def months_reached(effective_from: str, recorded: Iterable[str]) -> tuple[str, ...]:
    """Return the recorded months from the notice's first one on, whoever recorded them."""
    return tuple(sorted(month for month in recorded if month >= effective_from))


def differences(amounts: Sequence[int]) -> tuple[int, ...]:
    """Return what each new amount adds to all that was charged before it; fen, negative is back."""
    charged = amounts[0]
    found = []
    for amount in amounts[1:]:
        # Not to the amount before: a difference that was never billed would be lost on the way.
        found.append(amount - charged)
        charged += found[-1]
    return tuple(found)
