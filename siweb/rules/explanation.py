"""How an amount was worked out, as data that page, command and paper render alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from siweb.rules.numbers.quantity import Quantity
from siweb.rules.sources import Source

T_co = TypeVar("T_co", covariant=True)

Sources = Mapping[str, Source]
"""Where each parameter of some terms comes from, by the parameter's name."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a calculation: `label` is a code, `formula` names its inputs.

    `rule` is the provision that says so ("SIL 86"), `parameter` the dated row that a figure in it
    was taken from, if any.
    """

    label: str
    formula: str
    inputs: Mapping[str, Quantity]
    result: Quantity
    rule: str = ""
    parameter: Source | None = None


@dataclass(frozen=True, slots=True)
class Explained(Generic[T_co]):
    """A value and the steps that led to it, in order."""

    value: T_co
    steps: tuple[Step, ...] = field(default=(), compare=False)
