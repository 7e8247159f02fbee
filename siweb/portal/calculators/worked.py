"""What a calculator found, and where its figures come from."""

from dataclasses import dataclass
from typing import Any

from siweb.rules.explanation import Step
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

    @property
    def sources(self) -> list[Source]:
        """The rows that figures were taken from, each notice once."""
        found = (step.parameter for group in self.groups for step in group.steps)
        return list({source.notice: source for source in found if source}.values())
