"""The roster as a file: always the filter that is on the screen."""

import csv
from collections.abc import Callable, Iterable, Iterator
from io import StringIO

from flask_babel import gettext as _

from siweb.filings.employers.roster import RosterRow

# What a spreadsheet takes for a formula when a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def roster_csv(
    lines: Iterable[tuple[RosterRow, int | None]], state_name: Callable[[str], str]
) -> Iterator[str]:
    """Yield the file line by line, with the mark that lets a spreadsheet read Chinese."""
    yield "\ufeff" + _line(
        [
            _("Name"),
            _("Citizen ID number"),
            _("Hired on"),
            _("Left on"),
            _("State"),
            _("Declared base"),
        ]
    )
    for row, base in lines:
        yield _line(
            [
                neutral(row.name),
                # A tab keeps a spreadsheet from cutting the number to 15 digits.
                f"{row.id_number}\t",
                row.hired_on.isoformat(),
                row.ended_on.isoformat() if row.ended_on else "",
                state_name(row.state),
                "" if base is None else f"{base // 100}.{base % 100:02d}",
            ]
        )


def neutral(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: list[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
