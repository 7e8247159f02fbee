"""A row of a pack, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from siweb.rules.sources import Confidence, Source

Series = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Values of one series from a month on, as a notice set them, and a note about them."""

    table: str
    series: Series
    values: Mapping[str, Any]
    source: Source
    note: str = ""

    @property
    def effective_from(self) -> str:
        """The first month the row holds for."""
        return self.source.effective_from

    @property
    def effective_to(self) -> str | None:
        """The last month the row holds for; None while it is open."""
        return self.source.effective_to

    @property
    def published_on(self) -> date:
        """The day from which the row is known."""
        return self.source.published_on


def row_source(region: str, table: str, series: Series, dating: Mapping[str, Any]) -> Source:
    """Return the source of a row from its dating columns."""
    return Source(
        region,
        ".".join((table, *series)),
        dating["effective_from"],
        dating.get("effective_to"),
        dating["published_on"],
        dating["notice"],
        Confidence(dating["confidence"]),
    )


class Sentence(str):
    """A sentence for whoever keeps a pack, with what it is made of, so that it can be translated.

    As text it is English, as the commands print it; a page finds the words by `words`.
    """

    __slots__ = ("facts", "words")
    words: str
    facts: Mapping[str, object]

    def __new__(cls, words: str, /, **facts: object) -> Self:
        """Return the sentence of `words` with what stands in it by name."""
        sentence = super().__new__(cls, words % facts)
        sentence.words, sentence.facts = words, facts
        return sentence


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a pack: where, and what. Written for whoever keeps the pack."""

    file: str
    table: str
    key: str
    what: Sentence

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.table, self.key) if part)
        return f"{place}: {self.what}"


class PackError(ValueError):
    """When a pack cannot be used; `problems` holds all that is wrong, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
