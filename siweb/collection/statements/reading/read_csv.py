"""The lines of a CSV statement: its characters, what stands between its columns."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from siweb.collection.statements.reading.csv_mapping import CsvMapping, missing_headings
from siweb.collection.statements.reading.encoding import text_encoding
from siweb.collection.statements.reading.entry import StatementRefused
from siweb.collection.statements.reading.read_table import LOOKED_AT, Line

# In this order: a comma inside a remittance is likelier than a bar as a delimiter.
_DELIMITERS = (",", "\t", ";", "|")
# The next line of a table, inside of a cell: a quotation mark before it was never closed.
_NEXT_LINE = re.compile(r"[\r\n]\s*\"?\d{4}[-/.年]?\d{1,2}")


def csv_lines(source: BinaryIO, mapping: CsvMapping) -> Iterator[Line]:
    """Yield the lines of a file with their numbers, from 1.

    The mapping says what stands between the columns; where the headings are not found that way,
    but with another separator, that is used.

    :raises StatementRefused: "encoding", "not_csv", or "quote_open" with the line that swallows
        what follows: money would be lost with it.
    """
    text = io.TextIOWrapper(source, text_encoding(source, mapping.encoding), newline="")
    try:
        delimiter = _delimiter(text, mapping)
        text.seek(0)
        for _ in range(mapping.skipped_lines):
            text.readline()
        reader = csv.reader(text, delimiter=delimiter)
        widest, begins = 0, mapping.skipped_lines + 1
        for cells in reader:
            is_short, widest = len(cells) < widest, max(widest, len(cells))
            if any("\n" in cell and (is_short or _NEXT_LINE.search(cell)) for cell in cells):
                raise StatementRefused("quote_open", begins)
            begins = mapping.skipped_lines + reader.line_num + 1
            yield begins - 1, cells
    except UnicodeDecodeError:
        raise StatementRefused("encoding", text=mapping.encoding) from None
    except csv.Error:
        raise StatementRefused("not_csv") from None
    finally:
        text.detach()


def _delimiter(text: io.TextIOWrapper, mapping: CsvMapping) -> str:
    first = list(islice(text, mapping.skipped_lines, mapping.skipped_lines + LOOKED_AT))
    for delimiter in (mapping.delimiter, *_DELIMITERS):
        for cells in csv.reader(first, delimiter=delimiter):
            if not missing_headings(mapping, cells):
                return delimiter
    return mapping.delimiter
