"""Where a parameter comes from: the dated row of a pack that a figure was taken from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Confidence(StrEnum):
    """How sure a row is, the surest first: the order decides what a calculation is called.

    Read in the notice itself; in copies or commentary that name the notice; seen at agencies;
    contradictory or carried on without a notice; made up for demonstration.
    """

    OFFICIAL = "official"
    SECONDARY = "secondary"
    PRACTICE = "practice"
    UNCERTAIN = "uncertain"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Source:
    """The row of a pack. `region` is a GB/T 2260 code or "CN"; `key` names table and series.

    `effective_from` is the first month it holds for, 'YYYY-MM'; `effective_to` the last, or None
    while it is open.
    """

    region: str
    key: str
    effective_from: str
    effective_to: str | None
    published_on: date
    notice: str
    confidence: Confidence
