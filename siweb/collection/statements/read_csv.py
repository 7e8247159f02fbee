"""The lines of a CSV statement: its characters, what stands between its columns."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from siweb.collection.statements.csv_mapping import CsvMapping, missing_headings
from siweb.collection.statements.encoding import text_encoding
from siweb.collection.statements.read_table import LOOKED_AT, Line
from siweb.collection.statements.refusal import StatementRefused

_DELIMITERS = (",", "\t", ";", "|")


def csv_lines(source: BinaryIO, mapping: CsvMapping) -> Iterator[Line]:
    """Yield the lines of a file with their numbers, from 1.

    The mapping says what stands between the columns; where the headings are not found that way,
    but with another separator, that is used.

    :raises StatementRefused: "encoding", "not_csv".
    """
    text = io.TextIOWrapper(source, text_encoding(source, mapping.encoding), newline="")
    try:
        delimiter = _delimiter(text, mapping)
        text.seek(0)
        for _ in range(mapping.skipped_lines):
            text.readline()
        reader = csv.reader(text, delimiter=delimiter)
        for cells in reader:
            yield mapping.skipped_lines + reader.line_num, cells
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
