"""Files that mean harm, or are none: refused with a code, in little memory and time."""

import resource
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.read_rows import read_rows
from tests.documents.read_raw import read_raw
from tests.filings.sheets.files import (
    RELATIONS,
    WORKBOOK,
    convert,
    inline,
    make_parts,
    make_xlsx,
)


def refusal(path):
    with pytest.raises(SheetRefused) as refused:
        list(read_rows(path, FilingKind.HIRE))
    return refused.value.code


def write(path, content):
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \r\n", "empty"),
        (b"%PDF-1.7 ...", "not_a_sheet"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_sheet"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "no_columns"),
        (b"<html><body>a page without a table</body></html>", "web_page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "web_archive"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_sheet"),
        (b"a\0b,c\0d", "not_a_sheet"),
        ("姓名,公民身份号码\n".encode() + b"a,b\n" * 50_000 + b"\0,\n", "not_a_sheet"),
        (b"PK\x03\x04broken", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "broken"),
        (b"\xff\xff\xff\xfe,\xff", "encoding"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path, content, code):
    assert refusal(write(tmp_path / "a.xlsx", content)) == code


def test_a_password_is_named(tmp_path):
    encrypted = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    )

    assert refusal(write(tmp_path / "a.xlsx", encrypted)) == "protected"


def test_of_a_file_with_macros_only_the_values_are_read(tmp_path):
    row = f'<row r="1">{inline("A1", "姓名")}</row>'
    path = make_parts(tmp_path / "a.xlsm", row, **{"xl/vbaProject.bin": b"macro"})

    assert [row.cells[0].text for row in read_raw(path).rows] == ["姓名"]


def test_an_external_sheet_is_not_followed(tmp_path):
    path = tmp_path / "a.xlsx"
    away = RELATIONS.replace(
        'Target="worksheets/sheet1.xml"', 'Target="http://example.org/s.xml" TargetMode="External"'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", away)

    assert refusal(path) == "no_sheet"


def test_entities_are_refused(tmp_path):
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'
        "<worksheet><sheetData><row><c><v>&c;</v></c></row></sheetData></worksheet>"
    )

    assert refusal(make_parts(tmp_path / "a.xlsx", laughs)) == "bomb"


def test_a_part_that_unpacks_too_far_is_refused_before_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr("siweb.documents.spreadsheets.reading.xlsx.package.MOST_BYTES", 1 << 20)
    path = make_parts(tmp_path / "a.xlsx", "<row></row>" * 200_000)

    assert path.stat().st_size < 20_000
    assert refusal(path) == "bomb"


def test_a_part_that_is_packed_too_well_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("siweb.documents.spreadsheets.reading.xlsx.package.SMALL", 1 << 20)
    path = make_parts(tmp_path / "a.xlsx", "<row></row>" * 200_000)

    assert refusal(path) == "bomb"


def test_a_cell_without_end_is_refused(tmp_path):
    path = make_parts(tmp_path / "a.xlsx", f'<row r="1">{inline("A1", "x" * 100_000)}</row>')

    assert refusal(path) == "bomb"


@pytest.mark.parametrize(("count", "code"), [(16_384, "no_columns"), (16_385, "too_many_columns")])
def test_more_columns_than_a_spreadsheet_has_are_refused(tmp_path, count, code):
    cells = "".join(f"<c><v>{number}</v></c>" for number in range(count))

    assert refusal(make_parts(tmp_path / "a.xlsx", f"<row>{cells}</row>")) == code


def test_a_row_that_holds_more_than_any_list_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("siweb.documents.spreadsheets.reading.xlsx.rows.LONGEST_ROW", 99)
    cells = inline("A1", "x" * 50) + inline("B1", "x" * 50)

    assert refusal(make_parts(tmp_path / "a.xlsx", f"<row>{cells}</row>")) == "too_many_columns"


def test_empty_rows_and_far_cells_take_no_memory(tmp_path):
    far = inline("A1", "姓名") + '<c r="XFD1048576"/>'
    path = make_parts(
        tmp_path / "a.xlsx",
        f'<row r="1">{far}</row>'
        + '<row r="5" spans="1:16384"></row>' * 300_000
        + f'<row r="1048576">{inline("XFD1048576", "x")}</row>',
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    rows = list(read_raw(path).rows)

    assert [row.number for row in rows] == [1, 1_048_576]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


HEAD = "姓名,公民身份号码,入职日期,月工资,起始缴费月,参保险种\n"
LINES = [f"甲{n},31010119900307{n:04d},2026-11-02,9000,2026-11,五险\n" for n in range(1000)]


@pytest.mark.parametrize("count", [3, 1000])
@pytest.mark.parametrize("closed", ["", '甲,310101199003070000,2026-11-02,"9,000",2026-11,五险\n'])
def test_a_quote_that_is_not_closed_is_named_with_its_row(tmp_path, count, closed):
    lines = [HEAD, LINES[0], f'"{LINES[1]}', *LINES[2:count], closed]
    path = write(tmp_path / "a.csv", "".join(lines).encode())

    with pytest.raises(SheetRefused) as refused:
        list(read_rows(path, FilingKind.HIRE))

    assert (refused.value.code, refused.value.facts) == ("open_quote", {"row": 3})


def test_quotes_that_are_closed_are_read(tmp_path):
    lines = [HEAD, LINES[0].replace("五险", '"养老、\n医疗"'), LINES[1].strip()]
    rows = read_rows(write(tmp_path / "a.csv", "".join(lines).encode()), FilingKind.HIRE)

    assert [row.number for row in rows] == [2, 3]


def test_a_shared_string_that_is_not_there_is_broken(tmp_path):
    assert refusal(make_parts(tmp_path / "a.xlsx", '<row><c t="s"><v>7</v></c></row>')) == "broken"


def test_a_cut_off_file_is_broken(tmp_path):
    whole = make_xlsx(tmp_path / "a.xlsx", [["姓名", "身份证"]] * 2000).read_bytes()

    assert refusal(write(tmp_path / "b.xlsx", whole[: len(whole) // 2])) == "broken"


@given(
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6
    )
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_file_with_changed_bytes_is_read_or_refused(tmp_path, changes):
    content = bytearray(make_xlsx(tmp_path / "a.xlsx", [["姓名", "身份证"]] * 200).read_bytes())
    for place, byte in changes:
        content[int(place * len(content))] = byte

    with suppress(SheetRefused):
        rows = list(read_raw(write(tmp_path / "b.xlsx", bytes(content))).rows)
        assert len(rows) <= 200


@pytest.mark.parametrize(
    "row",
    [
        '<row r="x"/>',
        '<row r="99999999999999999999"/>',
        '<row r="0"/>',
        '<row><c r="ABCDEFGHIJ1"><v>1</v></c></row>',
        '<row><c r="11"><v>1</v></c></row>',
    ],
)
def test_a_place_that_no_sheet_has_is_broken(tmp_path, row):
    assert refusal(make_parts(tmp_path / "a.xlsx", row)) == "broken"


def test_an_encoding_nobody_knows_is_broken(tmp_path):
    sheet = '<?xml version="1.0" encoding="UTF-1"?><worksheet/>'

    assert refusal(make_parts(tmp_path / "a.xlsx", sheet)) == "broken"


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>", "too_many_columns"),
        (f'<row spans="{"1" * 30_000_000}"></row>', "bomb"),
    ],
)
def test_one_row_or_tag_that_never_ends_takes_no_memory(tmp_path, inside, code):
    path = make_parts(tmp_path / "a.xlsx", inside)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert refusal(path) == code
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_shared_strings_are_kept_within_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("siweb.documents.spreadsheets.reading.xlsx.rows.MOST_LETTERS", 1000)
    strings = "<sst>" + "<si><t>0123456789</t></si>" * 200 + "</sst>"
    path = make_parts(tmp_path / "a.xlsx", "", **{"xl/sharedStrings.xml": strings})

    assert refusal(path) == "bomb"


def test_a_reading_process_that_dies_takes_nobody_along(tmp_path, monkeypatch):
    source = make_xlsx(tmp_path / "a.xlsx", [["姓名", "身份证"], ["王芳", "1"]])
    ods = convert(source, "ods", tmp_path / "out")
    monkeypatch.setattr(
        "siweb.documents.spreadsheets.reading.read_calamine.MODULE", "siweb.no_such_module"
    )

    assert refusal(ods) == "too_big_inside"
