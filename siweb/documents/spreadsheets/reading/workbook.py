"""A workbook as it came in: its sheets by name, and the rows of each as they stand."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Self

from siweb.documents.spreadsheets.reading.cell import RawRow


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet of a workbook; a file that has only one names it ""."""

    name: str
    is_visible: bool = True


class Workbook(ABC):
    """What every reader gives: which sheets there are, and the filled rows of one of them."""

    tabs: Sequence[Tab]
    begins_1904: bool = False

    @abstractmethod
    def rows(self, place: int) -> Iterator[RawRow]:
        """Yield the filled rows of a sheet, counted from 0 in `tabs`; nothing is kept of them.

        :raises SheetRefused: while reading.
        """

    def beginnings(self, count: int) -> list[list[RawRow]]:
        """Return the first filled rows of every sheet."""
        return [list(islice(self.rows(place), count)) for place in range(len(self.tabs))]

    def first_visible(self) -> int | None:
        """Return where the first sheet that people see stands."""
        return next((place for place, tab in enumerate(self.tabs) if tab.is_visible), None)

    def close(self) -> None:  # noqa: B027 - most readers keep nothing open between rows
        """Close the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
