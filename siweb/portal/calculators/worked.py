"""What a calculator found, and where its figures come from."""

from dataclasses import dataclass
from typing import Any

from siweb.rules.explanation import Step
from siweb.rules.parameters.staleness import Staleness
from siweb.rules.sources import Source


@dataclass(frozen=True, slots=True)
class Group:
    """Steps under a heading; without one where there is only one group."""

    steps: tuple[Step, ...]
    insurance: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """A calculator's figures, for its own template, and the steps that led to them."""

    figures: Any
    groups: tuple[Group, ...]
    stale: tuple[Staleness, ...] = ()

    @property
    def provisional_since(self) -> list[str]:
        """The first months of the years whose notices are still missing, each once."""
        return sorted({each.since for each in self.stale})

    @property
    def sources(self) -> list[Source]:
        """The rows that figures were taken from, each notice once."""
        found = (step.parameter for group in self.groups for step in group.steps)
        return list({source.notice: source for source in found if source}.values())
