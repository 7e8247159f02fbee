"""The first visible sheet of a file as the readers see it, before anybody knows what its rows are."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from siweb.documents.spreadsheets.reading.cell import RawRow
from siweb.documents.spreadsheets.reading.read_cells import open_workbook
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.workbook import Workbook


class RawSheet(NamedTuple):
    """The filled rows of the first visible sheet; days may count from 1904."""

    rows: Iterator[RawRow]
    begins_1904: bool


def read_raw(file: Path) -> RawSheet:
    """Return the rows of the first sheet that people see."""
    workbook = open_workbook(file)
    place = workbook.first_visible()
    if place is None:
        workbook.close()
        raise SheetRefused("no_sheet")
    return RawSheet(_rows(workbook, place), workbook.begins_1904)


def _rows(workbook: Workbook, place: int) -> Iterator[RawRow]:
    with workbook:
        yield from workbook.rows(place)
