"""Run by itself: print the rows of an XLS or ODS file as JSON lines, within limits."""

import json
import resource
import sys
from datetime import datetime, time, timedelta
from typing import Any

import python_calamine

from siweb.documents.spreadsheets.reading.cell import LONGEST_CELL, MOST_COLUMNS, CellKind, clean

MEMORY = 1_500 << 20
SECONDS = 90


def main(file: str) -> None:
    """Print each filled row as [number, [[place, kind, text], ...]], then "end"; or why not."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        _say(_show(file))
    except MemoryError:
        _say("too_big_inside")
    except python_calamine.PasswordError:
        _say("protected")
    except (python_calamine.CalamineError, OSError, ValueError):
        _say("broken")


def _show(file: str) -> str:
    book = python_calamine.load_workbook(file)
    visible = [
        one.name
        for one in book.sheets_metadata
        if one.visible is python_calamine.SheetVisibleEnum.Visible
        and one.typ is python_calamine.SheetTypeEnum.WorkSheet
    ]
    if not visible:
        return "no_sheet"
    sheet = book.get_sheet_by_name(visible[0])
    # Empty rows above the first filled one are given, empty columns before the first are not.
    _row, first = sheet.start or (0, 0)
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [
            (place, *said)
            for place, value in enumerate(row, first)
            if (said := _cell(value)) is not None
        ]
        if len(cells) > MOST_COLUMNS:
            return "too_many_columns"
        if cells:
            _say((number, cells))
    return "end"


def _say(told: Any) -> None:
    sys.stdout.write(json.dumps(told) + "\n")


def _cell(value: Any) -> tuple[str, str] | None:
    if value == "" or value is None:
        return None
    if isinstance(value, bool):
        said = CellKind.TEXT, "TRUE" if value else "FALSE"
    elif isinstance(value, int | float):
        said = CellKind.NUMBER, repr(value)
    elif isinstance(value, datetime):
        # Times are parts of a day there, and a second may come out a little short.
        whole = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        said = CellKind.TEXT, str(whole.date() if whole.time() == time() else whole)
    else:
        said = CellKind.TEXT, clean(str(value))[:LONGEST_CELL]
    return said if said[1].strip() else None


if __name__ == "__main__":
    main(sys.argv[1])
