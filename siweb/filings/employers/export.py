"""The roster as a file: always the filter that is on the screen."""

from collections.abc import Callable, Iterable, Iterator

from flask_babel import gettext as _

from siweb.documents.spreadsheets.csv_lines import BEGINNING, csv_line
from siweb.documents.spreadsheets.sheet import neutral
from siweb.filings.employers.roster import RosterRow


def roster_csv(
    lines: Iterable[tuple[RosterRow, int | None]], state_name: Callable[[str], str]
) -> Iterator[str]:
    """Yield the file line by line, with the mark that lets a spreadsheet read Chinese."""
    yield BEGINNING + csv_line(
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
        yield csv_line(
            [
                # A name that begins like a formula is one to a spreadsheet.
                neutral(row.name),
                # A tab keeps a spreadsheet from cutting the number to 15 digits.
                f"{row.id_number}\t",
                row.hired_on.isoformat(),
                row.ended_on.isoformat() if row.ended_on else "",
                state_name(row.state),
                "" if base is None else f"{base // 100}.{base % 100:02d}",
            ]
        )
