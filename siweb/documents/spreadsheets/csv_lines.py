"""CSV files that the office gives out, line by line; a spreadsheet reads their Chinese."""

import csv
from collections.abc import Iterable
from io import StringIO

BEGINNING = "\ufeff"
"""What such a file begins with, so that a spreadsheet takes it for UTF-8."""


def csv_line(cells: Iterable[object]) -> str:
    """Return one line with its end."""
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
