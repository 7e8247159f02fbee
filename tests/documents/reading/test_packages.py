"""XLSX packages as programs write them: parts are found by relationships, elements by place."""

import zipfile

import pytest

from siweb.documents.spreadsheets.reading.read_cells import open_workbook
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from tests.documents.read_raw import read_raw

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'


def relationships(*targets, office=OFFICE):
    inside = "".join(
        f'<Relationship Id="rId{number}" Type="{office}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{inside}</Relationships>'


def workbook(*names, before="", behind="", main=MAIN, office=OFFICE, prefix=""):
    p = f"{prefix}:" if prefix else ""
    xmlns = f"xmlns:{prefix}" if prefix else "xmlns"
    sheets = "".join(
        f'<{p}sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    return (
        f'<{p}workbook {xmlns}="{main}" xmlns:r="{office}">{before}'
        f"<{p}sheets>{sheets}</{p}sheets>{behind}</{p}workbook>"
    )


def worksheet(rows=ROW, *, main=MAIN, behind=""):
    return f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{behind}</worksheet>'


def package(path, parts):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return path


def usual(**changed):
    return {
        "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook("S"),
        "xl/_rels/workbook.xml.rels": relationships(("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": worksheet(),
    } | changed


def cells(path):
    return [
        {place: (cell.kind.value, cell.text) for place, cell in row.cells.items()}
        for row in read_raw(path).rows
    ]


@pytest.mark.parametrize(
    "target",
    [
        "worksheets/sheet1.xml",
        "./worksheets/sheet1.xml",
        "../xl/worksheets/sheet1.xml",
        "/xl/worksheets/sheet1.xml",
        "Worksheets/SHEET1.xml",
        "worksheets\\sheet1.xml",
        "worksheets/./sheet1.xml",
        "worksheets/sheet%31.xml",
    ],
)
def test_a_target_leads_to_its_part_however_it_is_written(tmp_path, target):
    parts = usual(**{"xl/_rels/workbook.xml.rels": relationships(("worksheet", target))})

    assert cells(package(tmp_path / "a.xlsx", parts)) == [{0: ("text", "姓名")}]


@pytest.mark.parametrize("folder", ["", "xl/", "excel/inner/", "XL/"])
def test_the_workbook_is_where_the_package_says(tmp_path, folder):
    parts = {
        "_rels/.rels": relationships(("officeDocument", f"/{folder}book.xml")),
        f"{folder}book.xml": workbook("S"),
        f"{folder}_rels/book.xml.rels": relationships(("worksheet", "s.xml")),
        f"{folder}s.xml": worksheet(),
    }

    assert cells(package(tmp_path / "a.xlsx", parts)) == [{0: ("text", "姓名")}]


def test_names_in_the_archive_may_have_back_slashes_and_another_case(tmp_path):
    parts = {name.replace("/", "\\").upper(): content for name, content in usual().items()}

    assert cells(package(tmp_path / "a.xlsx", parts)) == [{0: ("text", "姓名")}]


def test_strict_packages_are_read(tmp_path):
    parts = {
        "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml"), office=STRICT_OFFICE),
        "xl/workbook.xml": workbook("S", main=STRICT, office=STRICT_OFFICE, prefix="x"),
        "xl/_rels/workbook.xml.rels": relationships(("worksheet", "s.xml"), office=STRICT_OFFICE),
        "xl/s.xml": worksheet(main=STRICT),
    }

    assert cells(package(tmp_path / "a.xlsx", parts)) == [{0: ("text", "姓名")}]


def test_shared_strings_and_styles_are_those_of_the_relationships(tmp_path):
    styles = (
        f'<styleSheet xmlns="{MAIN}"><dxfs><dxf><numFmt numFmtId="165" formatCode="yyyy"/></dxf>'
        '</dxfs><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><numFmts><numFmt numFmtId="165" '
        'formatCode="0.0&quot;d&quot;"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="165"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    parts = usual(
        **{
            "xl/_rels/workbook.xml.rels": relationships(
                ("worksheet", "worksheets/sheet1.xml"),
                ("sharedStrings", "t.xml"),
                ("styles", "l.xml"),
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>old</t></si></sst>',
            "xl/t.xml": f'<sst xmlns="{MAIN}"><si><r><t>王</t></r><rPh><t>wang</t></rPh>'
            "<r><t>芳</t></r></si></sst>",
            "xl/l.xml": styles,
            "xl/worksheets/sheet1.xml": worksheet(
                '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>46329</v></c>'
                '<c r="C1" s="2"><v>46329</v></c></row>'
            ),
        }
    )

    assert cells(package(tmp_path / "a.xlsx", parts)) == [
        {0: ("text", "王芳"), 1: ("number", "46329"), 2: ("day", "46329")}
    ]


@pytest.mark.parametrize(
    ("before", "behind", "begins_1904"),
    [
        ('<workbookPr date1904="1"/>', "", True),
        ('<workbookPr date1904="true"/>', "", True),
        ('<workbookPr date1904="0"/>', "", False),
        ("<workbookPr/>", "", False),
        (
            '<workbookPr date1904="1"/>',
            '<extLst><ext xmlns:x="urn:x"><x:workbookPr date1904="0"/></ext></extLst>',
            True,
        ),
        ("", '<extLst><ext><workbookPr date1904="1"/></ext></extLst>', False),
    ],
)
def test_days_begin_where_the_workbook_itself_says(tmp_path, before, behind, begins_1904):
    parts = usual(**{"xl/workbook.xml": workbook("S", before=before, behind=behind)})

    assert read_raw(package(tmp_path / "a.xlsx", parts)).begins_1904 is begins_1904


@pytest.mark.parametrize(
    ("row", "read"),
    [
        (
            '<row r="1"><c r="A1" t="inlineStr"><is><t>新</t></is><v>旧</v></c></row>',
            {0: ("text", "新")},
        ),
        (
            '<row r="1"><c r="A1" t="inlineStr"><v>旧</v><is><t>新</t></is></c></row>',
            {0: ("text", "新")},
        ),
        ('<row r="1"><c r="A1"><is><t>新</t></is><v>7</v></c></row>', {0: ("number", "7")}),
        ('<row r="1"><c r="A1" t="str"><v>新</v></c></row>', {0: ("text", "新")}),
        ('<row r="1"><c r="A1" t="str"><f>B1</f><v>新</v></c></row>', {0: ("formula", "新")}),
        ('<row r="1"><c r="b1"><v>7</v></c></row>', {1: ("number", "7")}),
        ('<row r="1"><c r="$B$1"><v>7</v></c></row>', {1: ("number", "7")}),
        (
            '<row><c><v>1</v></c><c r="C1"><v>3</v></c><c><v>4</v></c></row>',
            {0: ("number", "1"), 2: ("number", "3"), 3: ("number", "4")},
        ),
        ('<row r="1"><c r="A1"><v>8.000E+03</v></c></row>', {0: ("number", "8.000E+03")}),
        (
            '<row r="1"><c r="A1"><v>7</v><extLst><ext><v>8</v></ext></extLst></c></row>',
            {0: ("number", "7")},
        ),
        (
            '<row r="1"><extLst><c r="B1"><v>8</v></c></extLst><c r="A1"><v>7</v></c></row>',
            {0: ("number", "7")},
        ),
        (
            '<row r="1" xmlns:y="urn:y"><y:c r="B1"><y:v>8</y:v></y:c><c r="A1"><v>7</v></c></row>',
            {0: ("number", "7")},
        ),
        (
            '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c></row>',
            {0: ("text", "TRUE"), 1: ("error", "#REF!")},
        ),
        ('<row r="1"><c r="A1" t="b"><v>true</v></c></row>', {0: ("text", "TRUE")}),
        ('<row r="1"><c r="A1" t="b"><v>0</v></c></row>', {0: ("text", "FALSE")}),
    ],
)
def test_a_cell_is_what_its_own_element_says(tmp_path, row, read):
    parts = usual(**{"xl/worksheets/sheet1.xml": worksheet(row)})

    assert cells(package(tmp_path / "a.xlsx", parts)) == [read]


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1"><c r="A1"><v>7</v><v>8</v></c></row>',
        '<row r="1"><c r="A1"><v>7</v></c><c r="A1"><v>8</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>one</v></c></row>',
    ],
)
def test_a_cell_that_may_be_either_of_two_is_broken(tmp_path, row):
    strings = f'<sst xmlns="{MAIN}"><si><t>王芳</t></si></sst>'
    parts = usual(**{"xl/worksheets/sheet1.xml": worksheet(row), "xl/sharedStrings.xml": strings})

    with pytest.raises(SheetRefused, match="broken"):
        cells(package(tmp_path / "a.xlsx", parts))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("yyyy&quot;年&quot;m&quot;月&quot;", "day"),
        ("[$-804]yyyy/m/d;@", "day"),
        ("[Red]dd.mm.yy", "day"),
        ("0000&quot;年&quot;00&quot;月&quot;", "number"),
        ("0000年00月", "number"),
        ("0!.0,&quot;万&quot;", "number"),
        ("0!d", "number"),
        ("#,##0.00_);[Red]-0", "number"),
        ("0.00&quot;days&quot;", "number"),
    ],
)
def test_a_format_shows_a_day_where_it_has_letters_for_one(tmp_path, code, kind):
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    row = '<row r="1"><c r="A1" s="1"><v>46329</v></c></row>'
    parts = usual(**{"xl/worksheets/sheet1.xml": worksheet(row), "xl/styles.xml": styles})

    assert cells(package(tmp_path / "a.xlsx", parts)) == [{0: (kind, "46329")}]


def test_rows_outside_of_the_data_are_none(tmp_path):
    behind = f"<extLst><ext><sheetData>{ROW.replace('A1', 'A9')}</sheetData></ext></extLst>{ROW}"
    parts = usual(**{"xl/worksheets/sheet1.xml": worksheet(behind=behind)})

    assert len(cells(package(tmp_path / "a.xlsx", parts))) == 1


def test_a_row_without_a_number_stands_where_its_cells_do(tmp_path):
    rows = '<row><c r="A3"><v>1</v></c></row><row><c><v>2</v></c></row>'
    parts = usual(**{"xl/worksheets/sheet1.xml": worksheet(rows)})

    found = read_raw(package(tmp_path / "a.xlsx", parts)).rows

    assert [row.number for row in found] == [3, 4]


def test_every_sheet_is_named_and_read(tmp_path):
    parts = usual(
        **{
            "xl/workbook.xml": workbook("一", "二").replace(
                'sheetId="1"', 'sheetId="1" state="hidden"'
            ),
            "xl/_rels/workbook.xml.rels": relationships(
                ("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml")
            ),
            "xl/worksheets/sheet2.xml": worksheet(ROW.replace("姓名", "二")),
        }
    )

    with open_workbook(package(tmp_path / "a.xlsx", parts)) as found:
        assert [(tab.name, tab.is_visible) for tab in found.tabs] == [("一", False), ("二", True)]
        assert found.first_visible() == 1
        assert [rows[0].cells[0].text for rows in found.beginnings(1)] == ["姓名", "二"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (
            {
                "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
                "word/document.xml": "<w:document xmlns:w='urn:w'/>",
            },
            "not_a_sheet",
        ),
        ({"xl/workbook.xml": "<document/>"}, "not_a_sheet"),
        (
            {"xl/_rels/workbook.xml.rels": relationships(("chartsheet", "worksheets/sheet1.xml"))},
            "no_sheet",
        ),
        (
            {"xl/_rels/workbook.xml.rels": relationships(("worksheet", "worksheets/none.xml"))},
            "no_sheet",
        ),
        ({"xl/worksheets/sheet1.xml": worksheet()[:-9]}, "broken"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path, changed, code):
    with pytest.raises(SheetRefused) as refused:
        cells(package(tmp_path / "a.xlsx", usual(**changed)))

    assert refused.value.code == code


def test_without_relationships_the_usual_place_counts(tmp_path):
    parts = usual()
    del parts["_rels/.rels"]

    assert cells(package(tmp_path / "a.xlsx", parts)) == [{0: ("text", "姓名")}]
