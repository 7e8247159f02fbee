"""Lists as employers handed them in: each once went wrong, and reads as its filer meant it."""

from pathlib import Path

import pytest

from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.layout import Layout
from siweb.filings.sheets.read_rows import read_rows

CASES = Path(__file__).parent / "cases"
PEOPLE = [
    ("赵一一", "310101199003070115", "2026-11-03", 800_000, "2026-11"),
    ("钱二二", "310101199202020225", "2026-11-05", 950_050, "2026-11"),
    ("欧阳三三", "330102198506150331", "2026-11-10", 1_200_000, "2026-12"),
]
FIELDS = ("name", "id_number", "hired_on", "wage_fen", "start_month")
AS_TYPED = [
    "archive-names-with-backslash.xlsx",
    "commas-in-the-title.txt",
    "days-from-1904-workbook-extension.xlsx",
    "filled-250-columns-to-the-right.xlsx",
    "hire-other-headings.csv",
    "inline-text-beside-a-value.xlsx",
    "notes-on-the-first-sheet.xlsx",
    "numbers-as-formula-text.csv",
    "part-name-in-other-case.xlsx",
    "shared-texts-with-another-name.xlsx",
    "signatures-below-the-list.xlsx",
    "small-references-below-the-headings.xlsx",
    "target-begins-with-a-dot.xlsx",
    "wages-with-exponent.xlsx",
    "web-page-table.xls",
    "workbook-at-the-root.xlsx",
    "xml-spreadsheet-2003.xls",
]
OTHERWISE = {
    "commas-anywhere.csv",
    "decimal-comma.csv",
    "leave-other-headings.csv",
    "leave-without-own-wish.csv",
    "two-lists-on-two-sheets.xlsx",
    "yearly-bases-contribution-base.csv",
}


def read(name, kind=FilingKind.HIRE, layout=None, **defaults):
    path = CASES / name
    return list(read_rows(path, kind, defaults=defaults, layout=layout or Layout()))


def hires(name, **options):
    return read(name, insurances=["pension"], **options)


def test_every_case_is_tried():
    assert {path.name for path in CASES.iterdir()} == {*AS_TYPED, *OTHERWISE}


@pytest.mark.parametrize("name", AS_TYPED)
def test_a_list_reads_as_it_was_typed(name):
    rows = hires(name)

    assert [tuple(row.given[field] for field in FIELDS) for row in rows] == PEOPLE
    assert [row.findings for row in rows] == [[], [], []]


def test_a_heading_of_its_own_names_the_mobile_number():
    assert {row.given["mobile"] for row in hires("hire-other-headings.csv")} == {"13800000000"}


@pytest.mark.parametrize(
    ("name", "wages", "unread"),
    [
        ("commas-anywhere.csv", [None, None, None], ["8,00,0", "9,5005", "1,2,000"]),
        ("decimal-comma.csv", [800_000, None, 1_200_000], ["9500,5"]),
    ],
)
def test_a_comma_that_parts_no_thousands_is_asked(name, wages, unread):
    rows = hires(name)

    assert [row.given.get("wage_fen") for row in rows] == wages
    found = [(one.code, one.facts["text"]) for row in rows for one in row.findings]
    assert found == [("cell_money", text) for text in unread]


def test_the_sheet_of_two_lists_is_asked_and_read():
    with pytest.raises(SheetRefused, match="several_lists") as refused:
        hires("two-lists-on-two-sheets.xlsx")
    names = refused.value.facts["sheets"]

    both = [hires("two-lists-on-two-sheets.xlsx", layout=Layout(sheet=name)) for name in names]

    assert [len(rows) for rows in both] == [3, 1]


def test_leavers_under_other_headings_are_read():
    rows = read("leave-other-headings.csv", FilingKind.LEAVE)

    assert [(row.given["ended_on"], row.given["stop_month"]) for row in rows] == [
        ("2026-11-20", "2026-11")
    ] * 3


def test_what_all_leavers_share_is_asked_once_for_the_list():
    with pytest.raises(SheetRefused, match="columns_missing") as refused:
        read("leave-without-own-wish.csv", FilingKind.LEAVE)
    assert refused.value.facts["fields"] == ["is_voluntary"]

    rows = read("leave-without-own-wish.csv", FilingKind.LEAVE, is_voluntary="no")

    assert [(row.given["is_voluntary"], row.findings) for row in rows] == [("no", [])] * 3


def test_yearly_bases_are_read_under_the_word_of_the_agency():
    rows = read("yearly-bases-contribution-base.csv", FilingKind.BASE)

    assert [row.given["wage_fen"] for row in rows] == [800_000, 950_050, 1_200_000]
