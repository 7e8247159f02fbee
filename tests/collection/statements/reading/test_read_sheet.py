"""Cells of a statement's sheet as a person sees them, and remittance texts that fit a column."""

import pytest

from siweb.collection.payments.bank_reference import (
    bank_reference,
    bill_id_of,
    fitting,
    printed,
    references_in,
)
from siweb.collection.statements.reading.read_sheet import _cells
from siweb.documents.spreadsheets.reading.cell import Cell, CellKind, RawRow

DAY, NUMBER, TEXT, FORMULA = CellKind.DAY, CellKind.NUMBER, CellKind.TEXT, CellKind.FORMULA
REFERENCE = bank_reference(1_234_567)


def shown(kind, text, **options):
    (cell,) = _cells(RawRow(1, {0: Cell(kind, text)}), **options)
    return cell


@pytest.mark.parametrize(
    ("kind", "kept", "text"),
    [
        (DAY, "46329", "2026-11-03"),
        (DAY, "46329.75", "2026-11-03"),
        # Worked out in binary, a day comes a little short.
        (DAY, "46328.9999999", "2026-11-03"),
        (DAY, "46328.9999", "2026-11-02"),
        (DAY, "9999999", "9999999"),
        (DAY, "soon", "soon"),
        (TEXT, "46329", "46329"),
        (TEXT, "8.0E+03", "8.0E+03"),
        (NUMBER, "8.0E+03", "8000"),
        (FORMULA, "12.50", "12.5"),
        (NUMBER, "100", "100"),
        (NUMBER, "100.00", "100"),
        (NUMBER, "1474.1000000000001", "1474.1"),
        (NUMBER, "1474.1000009", "1474.1"),
        (NUMBER, "1474.100001", "1474.100001"),
        (NUMBER, "1474.105", "1474.105"),
        (NUMBER, "-5.10", "-5.1"),
        (NUMBER, "-5.0999999999", "-5.1"),
        (NUMBER, "999999999999999", "999999999999999"),
        (NUMBER, "1E+15", "1E+15"),
        (NUMBER, "-1E+15", "-1E+15"),
        (NUMBER, "about 5", "about 5"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(kind, kept, text):
    assert shown(kind, kept) == text


def test_days_of_an_old_sheet_count_from_1904():
    assert shown(DAY, "46329", begins_1904=True) == "2030-11-04"


def test_a_row_has_its_cells_by_column_up_to_the_most():
    assert _cells(RawRow(1, {})) == []
    assert _cells(RawRow(1, {2: Cell(TEXT, "c"), 0: Cell(TEXT, "a")})) == ["a", "", "c"]
    wide = _cells(RawRow(1, {199: Cell(TEXT, "last"), 200: Cell(TEXT, "beyond")}))
    assert (len(wide), wide[199]) == (200, "last")


@pytest.mark.parametrize(
    ("longest", "kept"),
    [
        (47, "甲" * 15 + "乙" * 20 + f"{REFERENCE:012d}"),
        (30, "甲" * 15 + f" … {REFERENCE:012d}"),
        (29, "甲" * 14 + f" … {REFERENCE:012d}"),
        (28, "甲" * 14),
    ],
)
def test_a_text_that_is_cut_keeps_what_pays_a_bill_where_it_fits(longest, kept):
    text = "甲" * 15 + "乙" * 20 + f"{REFERENCE:012d}"

    assert fitting(text, longest) == kept


def test_a_number_is_kept_whole_and_once():
    other = bank_reference(7)
    grouped = printed(REFERENCE)
    text = f"{grouped} 甲公司 {'乙' * 40} {other:012d} {REFERENCE:012d} {other:012d}"

    kept = fitting(text, 60)

    assert kept.startswith(f"{grouped} 甲公司 乙")
    assert list(references_in(kept)) == [REFERENCE, other]
    # The cut would end within the number: none of it is left in front of the whole one.
    assert fitting(f"甲{grouped}{'乙' * 60}", 20) == f"甲 … {REFERENCE:012d}"


def test_a_reference_is_that_of_its_bill_alone():
    assert bill_id_of(REFERENCE) == 1_234_567
    assert bill_id_of(REFERENCE + 1) is None
    assert printed(bank_reference(7)) == f"0000 0000 07{bank_reference(7) % 100:02d}"
    # Alone in its cell it may have lost its zeros; among words such digits are anything.
    short = f"{bank_reference(7)}"
    assert list(references_in(short)) == [bank_reference(7)]
    assert list(references_in(f"发票 {short}")) == []
