"""What people call .xls or .csv: XML Spreadsheet 2003, web pages with tables, texts with cells."""

import pytest

from siweb.documents.spreadsheets.reading.cell import spelled_out, unwrapped
from siweb.documents.spreadsheets.reading.read_cells import open_workbook
from siweb.documents.spreadsheets.reading.read_csv import find_delimiter
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from tests.documents.read_raw import read_raw

SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def cells(path, place=None):
    with open_workbook(path) as found:
        rows = list(found.rows(found.first_visible() if place is None else place))
    return [
        (row.number, {place: (cell.kind.value, cell.text) for place, cell in row.cells.items()})
        for row in rows
    ]


def spreadsheet(table, *, before="", declared="UTF-8", options=""):
    return (
        f'<?xml version="1.0" encoding="{declared}"?><?mso-application progid="Excel.Sheet"?>'
        f'<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:html="http://www.w3.org/TR/REC-html40">'
        f'{before}<Worksheet ss:Name="名单"><Table>{table}</Table>{options}</Worksheet></Workbook>'
    )


def cell(text, kind="String", **attributes):
    given = "".join(f' ss:{name}="{value}"' for name, value in attributes.items())
    return f'<Cell{given}><Data ss:Type="{kind}">{text}</Data></Cell>'


@pytest.mark.parametrize(
    ("table", "read"),
    [
        (f"<Row>{cell('姓名')}{cell('7.50', 'Number')}</Row>",
         [(1, {0: ("text", "姓名"), 1: ("number", "7.50")})]),
        (f'<Row ss:Index="3">{cell("a")}</Row><Row>{cell("b", Index="4")}{cell("c")}</Row>',
         [(3, {0: ("text", "a")}), (4, {3: ("text", "b"), 4: ("text", "c")})]),
        (f'<Row>{cell("a", MergeAcross="2")}{cell("b")}</Row>',
         [(1, {0: ("text", "a"), 3: ("text", "b")})]),
        (f'<Row ss:Span="2"/><Row>{cell("a")}</Row>', [(4, {0: ("text", "a")})]),
        ((f"<Row>{cell('2026-11-03T00:00:00.000', 'DateTime')}"
         f"{cell('2026-11-03T09:30:00.000', 'DateTime')}</Row>"),
         [(1, {0: ("text", "2026-11-03"), 1: ("text", "2026-11-03 09:30:00")})]),
        (f"<Row>{cell('1', 'Boolean')}{cell('#REF!', 'Error')}</Row>",
         [(1, {0: ("text", "TRUE"), 1: ("error", "#REF!")})]),
        (f'<Row>{cell("8000", "Number", Formula="=RC[1]")}<Cell ss:Formula="=1"/></Row>',
         [(1, {0: ("formula", "8000"), 1: ("formula", "")})]),
        (("<Row><Cell><Data ss:Type='String'><html:B>王</html:B>芳</Data>"
         "<Comment><Data ss:Type='String'>note</Data></Comment></Cell></Row>"),
         [(1, {0: ("text", "王芳")})]),
        ("<Row><Cell><Comment><ss:Data>note</ss:Data></Comment></Cell></Row>", []),
    ],
)  # fmt: skip
def test_xml_spreadsheets_are_read(tmp_path, table, read):
    assert cells(write(tmp_path / "a.xls", spreadsheet(table))) == read


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "UTF-8"), ("gb18030", "GB2312"), ("utf-16", "UTF-16"), ("utf-8", "gb2312")],
)
def test_xml_spreadsheets_are_read_in_any_encoding(tmp_path, encoding, declared):
    text = spreadsheet(f"<Row>{cell('姓名')}</Row>", declared=declared)

    assert cells(write(tmp_path / "a.xls", text, encoding)) == [(1, {0: ("text", "姓名")})]


def test_hidden_sheets_of_an_xml_spreadsheet_are_not_the_first(tmp_path):
    hidden = (
        f'<Worksheet ss:Name="码表"><Table><Row>{cell("x")}</Row></Table><x:WorksheetOptions>'
        "<x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>"
    )
    path = write(tmp_path / "a.xls", spreadsheet(f"<Row>{cell('a')}</Row>", before=hidden))

    assert cells(path) == [(1, {0: ("text", "a")})]
    with open_workbook(path) as found:
        assert [tab.name for tab in found.tabs] == ["码表", "名单"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (spreadsheet(f'<Row ss:Index="0">{cell("a")}</Row>'), "broken"),
        (spreadsheet(f'<Row ss:Index="1048577">{cell("a")}</Row>'), "broken"),
        (spreadsheet(f"<Row>{cell('a', Index='16385')}</Row>"), "too_many_columns"),
        (spreadsheet(f"<Row>{cell('x' * 40_000)}</Row>"), "bomb"),
        (spreadsheet("<Row>")[:-30], "broken"),
        (spreadsheet("").replace("?><Work", '?><!DOCTYPE a [<!ENTITY b "c">]><Work'), "bomb"),
        ("<table>" * 30, "bomb"),
        ("<html><table><tr><td colspan=16384>a<td>b", "too_many_columns"),
        ("<html><table></table>" * 201, "bomb"),
        ("<html><body>nothing", "web_page"),
        ("<html><!--" + "x" * 2_000_000, "bomb"),
    ],
)
def test_text_forms_that_mean_harm_or_are_damaged_are_refused(tmp_path, text, code):
    with pytest.raises(SheetRefused) as refused:
        cells(write(tmp_path / "a.xls", text))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("page", "read"),
    [
        ("<table><tr><td>a</td><th>b</th></tr></table>", [(1, {0: "a", 1: "b"})]),
        ("<TABLE><TR><TD>a<TD>b<TR><TD>c</TABLE>", [(1, {0: "a", 1: "b"}), (2, {0: "c"})]),
        ("<table><tr><td colspan=2>a<td>b</table>", [(1, {0: "a", 2: "b"})]),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d</table>",
         [(1, {0: "a", 1: "b"}), (2, {1: "c"}), (3, {0: "d"})]),
        ("<table><tr><td>王&nbsp;<b>芳</b><br>x &amp; y</td></tr></table>", [(1, {0: "王 芳 x & y"})]),
        ("<table><tr><td>a<table><tr><td>inner</td></tr></table>b</td></tr></table>",
         [(1, {0: "ab"})]),
        ('<table><tr><td>="310101"</td></tr></table>', [(1, {0: "310101"})]),
        ("<table><tr></tr><tr><td> </td></tr><tr><td>a</td></tr></table>", [(3, {0: "a"})]),
        ("<style>td{color:red}</style><table><td>a</table>", [(1, {0: "a"})]),
        ("<table><td>a<span style='display: NONE'>b<span>c</span>d</span>e</table>", [(1, {0: "ae"})]),
        ("<table><td>a<script>b</script>c<p hidden>d<td>e</table>", [(1, {0: "ac", 1: "e"})]),
        ("<table><td>a<img hidden>b<br hidden>c</table>", [(1, {0: "ab c"})]),
        ("<table><td><del>7000</del>8000<td>8000<sup>1</sup></table>",
         [(1, {0: "7000 8000", 1: "8000 1"})]),
    ],
)  # fmt: skip
def test_tables_of_web_pages_are_read(tmp_path, page, read):
    found = cells(write(tmp_path / "a.xls", f"<html>{page}</html>"))

    assert [
        (number, {place: text for place, (_kind, text) in row.items()}) for number, row in found
    ] == read


@pytest.mark.parametrize(
    ("begins", "text", "read"),
    [
        ("x:num='8000.5'", "8,001", ("number", "8000.5")),
        ("sdval='8000.5'", "￥8,001元", ("number", "8000.5")),
        ("x:num='310101199003070115'", "3.10E+17", ("number", "310101199003070115")),
        ("x:num='46329'", "2026/11/3", ("text", "2026/11/3")),
        ("x:num='44867'", "2026.11.03", ("text", "2026.11.03")),
        ("x:num='44867'", "20261103", ("text", "20261103")),
        ("x:num='44865'", "2026.11", ("text", "2026.11")),
        ("x:num='8000.126'", "8,000.13", ("number", "8000.126")),
        ("x:num='8000'", "0.8万", ("text", "0.8万")),
        ("x:num", "8001", ("text", "8001")),
        ("x:num='8,000'", "8001", ("text", "8001")),
        ("x:num='7' x:fmla='=1'", "7", ("formula", "7")),
    ],
)
def test_a_number_is_the_one_that_was_kept_not_the_digits_that_are_shown(
    tmp_path, begins, text, read
):
    page = f"<html><table><tr><td {begins}>{text}</td></tr></table>"

    assert cells(write(tmp_path / "a.xls", page)) == [(1, {0: read})]


def test_a_line_above_a_table_does_not_make_it_a_text(tmp_path):
    page = "增员名单\n<table border=1><tr><td>姓名,电话</td></tr></table>"

    assert cells(write(tmp_path / "a.xls", page)) == [(1, {0: ("text", "姓名,电话")})]


@pytest.mark.parametrize("begins", ["ID;PWXL;N;E", "TABLE\r\n0,1", "TABLE\n0,1", "\x1f\x8b"])
def test_what_was_for_other_programs_is_no_sheet(tmp_path, begins):
    with pytest.raises(SheetRefused, match="not_a_sheet"):
        open_workbook(write(tmp_path / "a.csv", f"{begins}\nname,phone", "latin-1"))


def test_an_opendocument_text_is_no_web_page(tmp_path):
    page = (
        '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:'
        'xmlns:office:1.0"><table><tr><td>姓名</td></tr></table></office:document>'
    )

    with pytest.raises(SheetRefused, match="not_a_sheet"):
        open_workbook(write(tmp_path / "a.fods", page))


def test_days_of_an_xml_spreadsheet_begin_where_it_says(tmp_path):
    excel = '<ExcelWorkbook xmlns="urn:schemas-microsoft-com:office:excel">{}</ExcelWorkbook>'
    row = f"<Row>{cell('a')}</Row>"

    begins = [
        open_workbook(write(tmp_path / "a.xls", spreadsheet(row, before=before))).begins_1904
        for before in ("", excel.format(""), excel.format("<Date1904/>"), "<Date1904/>")
    ]

    assert begins == [False, False, True, False]


def test_a_blank_behind_a_comma_is_no_part_of_the_cell(tmp_path):
    path = write(tmp_path / "a.csv", '姓名, 电话, 备注\n王芳, "021, 6123", a\n')

    assert cells(path)[1] == (2, {0: ("text", "王芳"), 1: ("text", "021, 6123"), 2: ("text", "a")})


def test_each_table_of_a_page_is_a_sheet_and_hidden_rows_say_so(tmp_path):
    page = (
        '<html><meta charset="gb2312"><table><tr><td>标题</table>'
        "<table><tr style='display: none'><td x:fmla='=1'>7</table>"
    )
    path = write(tmp_path / "a.xls", page, "gb18030")

    with open_workbook(path) as found:
        assert [tab.name for tab in found.tabs] == ["1", "2"]
        (row,) = found.rows(1)
    assert row.is_hidden
    assert cells(path, 1) == [(1, {0: ("formula", "7")})]
    assert cells(path, 0) == [(1, {0: ("text", "标题")})]


LIST = ["姓名{0}号码{0}月工资", "王芳{0}31{0}8000", "李雷{0}32{0}9000"]


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|", "，"])
@pytest.mark.parametrize(
    "above", ["", "报表，一,二,三,四,五,六,七,八", "a;b;c;d;e;f;g", "2026年|11月|增员|表"]
)
def test_what_parts_most_lines_alike_parts_the_cells(delimiter, above):
    lines = [above, *LIST] if above else LIST

    assert find_delimiter("\r\n".join(line.format(delimiter) for line in lines)) == delimiter


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["姓名\t工资\t险种", "王芳\t9,500\t养老,医疗", "李雷\t8,000\t养老,医疗"], "\t"),
        (["姓名;工资", "王芳;9500,5", "李雷;8000,5"], ";"),
        (["姓名,险种", "王芳,养老;医疗;工伤", "李雷,养老;医疗;工伤", "张三,养老;医疗,"], ","),
        (["姓名", "王芳"], ","),
        ([""], ","),
    ],
)
def test_separators_within_cells_part_none(lines, delimiter):
    assert find_delimiter("\n".join(lines)) == delimiter


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"=""310101199003070115"""', "310101199003070115"),
        ('="310101199003070115"', "310101199003070115"),
        ('"=""a""""b"""', 'a"b'),
        ("=A1", "=A1"),
        ('"=T(""x"")"', '=T("x")'),
    ],
)
def test_formulas_of_nothing_but_a_text_are_that_text(tmp_path, written, read):
    (row,) = read_raw(write(tmp_path / "a.csv", f"x,{written}\n")).rows

    assert row.cells[1].text == read


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("8.000000000000000E+03", "8000"),
        ("9.500500000000000E+03", "9500.5"),
        ("1.2e-3", "0.0012"),
        ("-5E2", "-500"),
        ("1E+999", "1E+999"),
        ("46329", "46329"),
        ("8.50", "8.50"),
        ("E5", "E5"),
    ],
)
def test_exponents_are_spelled_out_exactly(number, read):
    assert spelled_out(number) == read
    assert unwrapped(number) == number
