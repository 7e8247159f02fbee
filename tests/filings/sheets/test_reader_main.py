"""The rows of a sheet are handed over some at a time, and nothing of them is lost."""

import pytest

from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets import reader_main
from tests.filings.sheets.files import HEADINGS, make_xlsx

PERSON = ["王芳", "310101199003070021", "2026-11-02", 8000, "2026-11", "五险"]


@pytest.mark.parametrize(("number", "pieces"), [(1, [1]), (2, [2, 0]), (3, [2, 1]), (5, [2, 2, 1])])
def test_rows_come_in_pieces(tmp_path, monkeypatch, number, pieces):
    said = []
    monkeypatch.setattr(reader_main, "_print", said.append)
    monkeypatch.setattr(reader_main, "AT_A_TIME", 2)
    path = make_xlsx(tmp_path / "a.xlsx", [HEADINGS, *[PERSON] * number])

    reader_main._print_rows(path, FilingKind.HIRE, {}, {})

    first, *rest = said
    assert set(first) == {"sheet", "unread"}
    assert [len(piece) for piece in rest] == pieces
    assert [row[0] for piece in rest for row in piece] == list(range(2, number + 2))


def test_what_is_printed_is_a_line_each(capsys):
    reader_main._print({"end": True})
    reader_main._print([1])
    assert capsys.readouterr().out.splitlines() == ['{"end":true}', "[1]"]
