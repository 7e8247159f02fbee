"""What a filer answered about a list as a whole: which sheet, which row, which columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_COLUMN = -1
"""Stands for the column of a field that the list has not, whatever its headings say."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields stand in a list, as far as its headings do not say it.

    It is kept with a filing as the dictionary of its fields.
    """

    sheet: str | None = None
    # The number of the row with the headings; 0 where there is none, None to look for it.
    heading_row: int | None = None
    # By field the column, counted from 0.
    columns: Mapping[str, int] = field(default_factory=dict)
    # What this employer's headings mean, by heading without signs: remembered from earlier lists.
    headings: Mapping[str, str] = field(default_factory=dict)


FOUND = Layout()
"""The layout of a list of which nothing was answered: all is found by its headings."""
