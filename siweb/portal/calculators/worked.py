"""What a calculator found, and where its figures come from."""

from dataclasses import dataclass
from typing import Any

from siweb.rules.explanation import Step
from siweb.rules.parameters.staleness import Staleness
from siweb.rules.sources import Confidence
from siweb.web.language.explanation_labels import CONFIDENCE


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
    def sources(self) -> dict[str, list[Any]]:
        """The notices that figures were taken from, each with how sure its rows are, in words.

        A notice may have rows of which some are surer than others: then it has several words.
        """
        sure: dict[str, set[Confidence]] = {}
        for source in (step.parameter for group in self.groups for step in group.steps):
            if source is not None:
                sure.setdefault(source.notice, set()).add(source.confidence)
        return {
            notice: [CONFIDENCE[each] for each in Confidence if each in found]
            for notice, found in sure.items()
        }
