"""How the columns of a sheet that is given back look, and which cells are written as numbers."""

from types import SimpleNamespace as Some

import pytest

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind
from siweb.filings.sheets.write_back import (
    _LONGEST_NUMBER,
    _Copy,
    _replaced,
    _spans,
    _written,
)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ([], [(3, 3, "new")]),
        ([(1, 2, "a"), (4, 9, "b")], [(1, 2, "a"), (3, 3, "new"), (4, 9, "b")]),
        ([(3, 3, "a")], [(3, 3, "new")]),
        ([(1, 3, "a")], [(1, 2, "a"), (3, 3, "new")]),
        ([(3, 5, "a")], [(3, 3, "new"), (4, 5, "a")]),
        ([(1, 9, "a")], [(1, 2, "a"), (3, 3, "new"), (4, 9, "a")]),
    ],
)
def test_one_column_is_replaced_among_those_beside_it(columns, found):
    assert _replaced(columns, 3, "new") == found


@pytest.mark.parametrize(
    ("first", "last", "spans"),
    [("A", "C", True), ("C", "C", True), ("D", "F", False), ("A", "B", False), ("B", "AA", True),
     ("AA", "AB", False)],
)  # fmt: skip
def test_a_merged_cell_spans_a_column_or_does_not(first, last, spans):
    assert _spans((first, 1, last, 2), "C") is spans


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (CellKind.NUMBER, "12", ("12", True)), (CellKind.NUMBER, "-1.5", ("-1.5", True)),
        (CellKind.NUMBER, "9" * _LONGEST_NUMBER, ("9" * _LONGEST_NUMBER, True)),
        (CellKind.NUMBER, "9" * (_LONGEST_NUMBER + 1), ("9" * (_LONGEST_NUMBER + 1), False)),
        (CellKind.NUMBER, "-" + "9" * _LONGEST_NUMBER, ("-" + "9" * _LONGEST_NUMBER, True)),
        (CellKind.DAY, "46000", ("46000", True)), (CellKind.TEXT, "12", ("12", False)),
        (CellKind.NUMBER, "1.2.3", ("1.2.3", False)),
    ],
)  # fmt: skip
def test_a_number_is_written_as_one_as_long_as_it_keeps_its_digits(kind, text, found):
    assert _written(Cell(kind, text)) == found


class Styles:
    """Styles by name, so that each column says which it has."""

    def __init__(self, *, is_taken_over):
        self.is_taken_over = is_taken_over

    def style(self, number):
        return int(number) + 100

    def variant(self, base, **_more):
        return base + 1_000


def columns_of(columns, *, id_place=1, added=4, is_taken_over=True):
    copy = _Copy.__new__(_Copy)
    copy.appearance, copy.styles = Some(columns=columns), Styles(is_taken_over=is_taken_over)
    copy.id_place, copy.added = id_place, added
    copy._set_columns()
    return [
        (first, last, look.get("width"), look.get("style"))
        for first, last, look in copy.appearance.columns
    ]


def test_the_column_of_numbers_keeps_its_width_and_becomes_text():
    columns = [(1, 2, {"width": "9", "style": "7"}), (3, 3, {"width": "20"})]
    found = columns_of(columns)
    assert found[:3] == [(1, 1, "9", "107"), (2, 2, "9", "1107"), (3, 3, "20", None)]
    assert (found[3][:2], found[3][3]) == ((5, 5), None)

    # Where the styles of the file are not taken over, there are none to keep.
    columns = [(1, 2, {"width": "9", "style": "7"}), (3, 3, {"width": "20"})]
    found = columns_of(columns, is_taken_over=False)
    assert found[:2] == [(1, 1, "9", None), (2, 2, "9", "1000")]
    # A column without a width of its own gets one.
    assert columns_of([], id_place=0)[0][0] == 1
    assert columns_of([], id_place=0)[0][2] is not None


@pytest.mark.parametrize(
    ("only_marked", "kept", "filtered"),
    [
        (False, [("A", 1, "B", 1), ("A", 9, "B", 9)], ("A", 1, "B", 20)),
        (True, [("A", 1, "B", 1)], ("A", 1, "B", 20)),
    ],
)
def test_merged_cells_stay_where_rows_keep_their_numbers(only_marked, kept, filtered):
    copy = _Copy.__new__(_Copy)
    copy.added, copy.last_heading, copy.only_marked = 4, 1, only_marked
    copy.appearance = Some(
        merged=[("A", 1, "B", 1), ("A", 9, "B", 9), ("D", 1, "F", 1)], filter=("A", 1, "B", 20)
    )
    copy._keep_ranges()
    assert copy.appearance.merged == kept
    assert copy.appearance.filter == filtered

    copy.appearance.filter = ("A", 5, "B", 20)
    copy._keep_ranges()
    assert copy.appearance.filter[1] == (1 if only_marked else 5)
