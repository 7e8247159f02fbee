"""Run by itself: print the sheets or rows of an XLS, XLSB or ODS file as JSON lines, in limits."""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine

from siweb.documents.spreadsheets.reading.cell import (
    LONGEST_CELL,
    LONGEST_ROW,
    CellKind,
    clean,
)

# calamine holds a file whole: 500,000 rows need 494 MB. Beyond this its process ends, not the
# server.
MEMORY = 1_500 << 20
# The largest honest file takes some seconds; a longer reading holds up whoever waits behind it.
SECONDS = 90


def main(file: str, place: str, count: str) -> None:
    """Print the tabs as [name, is_visible], and rows as [tab, number, [[place, kind, text], ...]].

    All rows of the sheet at `place`, or, where that is "all", the first `count` of every one. The
    last line is "end", or why there is no more.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        _print(_show(file, None if place == "all" else int(place), int(count)))
    except MemoryError:
        _print("too_big_inside")
    except python_calamine.PasswordError:
        _print("protected")
    except (python_calamine.CalamineError, OSError, ValueError):
        _print("broken")


def _show(file: str, place: int | None, count: int) -> str:
    # By what is in it: given a path, the library goes by how the file is called.
    with Path(file).open("rb") as source:
        book = python_calamine.load_workbook(source)
    tabs = [
        (tab.name, tab.visible is python_calamine.SheetVisibleEnum.Visible)
        for tab in book.sheets_metadata
        if tab.typ is python_calamine.SheetTypeEnum.WorkSheet
    ]
    _print(tabs)
    for number, (name, _is_visible) in enumerate(tabs):
        if place in {None, number}:
            left = count if place is None else sys.maxsize
            for row_number, cells in _rows(book.get_sheet_by_name(name)):
                if not left:
                    break
                if sum(len(text) for _place, _kind, text in cells) > LONGEST_ROW:
                    return "too_many_columns"
                _print((number, row_number, cells))
                left -= 1
    return "end"


def _rows(sheet: Any) -> Iterator[tuple[int, list[tuple[int, str, str]]]]:
    # Empty rows above the first filled one are given, empty columns before the first are not.
    _row, first = sheet.start or (0, 0)
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [
            (place, *shown)
            for place, value in enumerate(row, first)
            if (shown := _cell(value)) is not None
        ]
        if cells:
            yield number, cells


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


def _cell(value: Any) -> tuple[str, str] | None:
    if value == "" or value is None:
        return None
    if isinstance(value, bool):
        shown = CellKind.TEXT, "TRUE" if value else "FALSE"
    elif isinstance(value, int | float):
        shown = CellKind.NUMBER, repr(value)
    elif isinstance(value, datetime):
        # Times are parts of a day there, and a second may come out a little short.
        whole = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        shown = CellKind.TEXT, str(whole.date() if whole.time() == time() else whole)
    else:
        shown = CellKind.TEXT, clean(str(value))[:LONGEST_CELL]
    return shown if shown[1].strip() else None


if __name__ == "__main__":
    main(*sys.argv[1:])
