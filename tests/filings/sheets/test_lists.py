"""Which sheet has the list, which of its rows are people, and what its headings mean."""

import openpyxl
import pytest

from siweb.documents.spreadsheets.reading.read_cells import open_workbook
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import fields_of
from siweb.filings.sheets.find_list import find_list
from siweb.filings.sheets.headings import columns_by_field, folded
from siweb.filings.sheets.layout import Layout
from siweb.filings.sheets.read_rows import read_rows
from siweb.filings.sheets.texts import plain

HEADINGS = ["姓名", "身份证号码", "入职日期", "月工资", "起始缴费月"]
PEOPLE = [
    ["赵一一", "310101199003070115", "2026-11-03", "8000", "2026-11"],
    ["欧阳三三", "330102198506150331", "2026-11-10", "12000", "2026-12"],
]
INSURED = {"insurances": ["pension"]}


def make(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        sheet = book.create_sheet(name.strip("_"))
        sheet.sheet_state = "hidden" if name.startswith("_") else "visible"
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def found(path, kind=FilingKind.HIRE, layout=None, **defaults):
    with open_workbook(path) as book:
        return find_list(book, kind, INSURED | defaults, layout or Layout())


def names(path, kind=FilingKind.HIRE, **defaults):
    return [row.given.get("name") for row in read_rows(path, kind, defaults=INSURED | defaults)]


LIST = [HEADINGS, *PEOPLE]


@pytest.mark.parametrize(
    ("sheets", "name", "unread"),
    [
        ({"说明": [["请在第二个工作表填写"]], "名单": LIST}, "名单", ("说明",)),
        ({"名单": LIST, "空": []}, "名单", ()),
        ({"减员": [["姓名", "身份证号码", "离职日期"], PEOPLE[0][:3]], "增员": LIST}, "增员", ("减员",)),
        ({"空表": [HEADINGS], "名单": LIST}, "名单", ("空表",)),
        ({"_码表": [["a", "b"]], "名单": LIST}, "名单", ()),
        ({"_旧名单": LIST, "名单": LIST}, "名单", ("旧名单",)),
    ],
)  # fmt: skip
def test_the_sheet_with_the_list_is_read_and_the_others_are_named(tmp_path, sheets, name, unread):
    chosen = found(make(tmp_path / "a.xlsx", **sheets))

    assert (chosen.name, chosen.unread) == (name, unread)


def test_which_of_two_lists_is_meant_is_asked(tmp_path):
    path = make(tmp_path / "a.xlsx", 一部=LIST, 二部=[HEADINGS, PEOPLE[1]])

    with pytest.raises(SheetRefused) as refused:
        found(path)
    assert (refused.value.code, refused.value.facts) == (
        "several_lists",
        {"sheets": ["一部", "二部"]},
    )

    chosen = found(path, layout=Layout(sheet="二部"))
    assert (chosen.name, chosen.unread) == ("二部", ("一部",))


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ({"a": []}, "empty"),
        ({"_a": LIST, "b": []}, "no_sheet"),
        ({"_a": LIST, "b": [["x"]]}, "no_columns"),
    ],
)
def test_a_workbook_without_a_list_is_refused(tmp_path, sheets, code):
    with pytest.raises(SheetRefused, match=code):
        found(make(tmp_path / "a.xlsx", **sheets))


@pytest.mark.parametrize(
    "line",
    [
        ["填表说明：1、身份证号必须为18位"],
        ["2. 入职日期格式2026-01-01"],
        ["（1）本表一式两份"],
        ["单位负责人（签字）：", None, "填报日期：2026-11-28"],
        ["经办人", "张三", "2026年11月10日"],
        ["单位盖章", None, "2026-11-10"],
        [None, None, "审核人：", None, "日期：2026-11-28"],
        [None, None, None, "20000"],
        [None, "2026-11-28"],
        ["本表所填内容真实有效，如有虚假，责任自负。"],
        ["联系电话：021-12345678", None, "2026-11-28", "x"],
        ["姓名", "身份证号码", "入职日期", "月工资", "起始缴费月"],
        ["※注：逾期不予受理"],
        ["以下空白"],
        ["第1页", "共2页"],
        ["本页小计", None, None, "20000", "1"],
        ["部门负责人", None, "2026-11-10"],
        ["总经理：", "张三", "2026-11-10"],
        ["公司（盖章）", None, "2026-11-10"],
        ["一、", "入职日期必填", "2026-11-10"],
        ["* 为必填项"],
        ["（样例）王五", "310101199003070115", "2026-11-03", "8000", "2026-11"],
        ["王五（示例）", "310101199003070115", "2026-11-03", "8000", "2026-11"],
        ["必填", "必填", "必填", "选填", "必填"],
        ["文本", "18位身份证号", "日期", "数字", "文本"],
        ["1", "2", "3", "4", "5"],
        ["1", "2", "3", "4"],
        ["甲", "乙", "丙", "丁", "戊"],
        ["第一车间"],
    ],
)
def test_what_stands_below_a_list_is_nobody(tmp_path, line):
    assert names(make(tmp_path / "a.xlsx", a=[*LIST, [], line])) == ["赵一一", "欧阳三三"]


@pytest.mark.parametrize(
    "line",
    [
        ["王芳", None, "2026-11-10", "9000", "2026-11"],
        ["王芳"],
        ["王芳（返聘）", None, "2026-11-10", "9000", "2026-11"],
        [None, None, "2026-11-10", "9000", "2026-11"],
        ["注册会计师", "310101199003070115"],
        [None, "31010119900307011"],
        ["J. R. Smith", None, "2026-11-10"],
        ["1、王芳", None, "2026-11-10", "9000", "2026-11"],
        ["王芳!", None, "2026-11-10", "9000", "2026-11"],
        ["阿依古丽·买买提", None, "2026-11-10"],
    ],
)
def test_somebody_whose_row_is_incomplete_is_not_left_out(tmp_path, line):
    assert len(names(make(tmp_path / "a.xlsx", a=[*LIST, line]))) == 3


@pytest.mark.parametrize("kind", FilingKind)
def test_each_heading_means_one_field_of_a_kind(kind):
    meant = {}
    for field, column in columns_by_field(kind).items():
        for heading in column.headings:
            assert meant.setdefault(folded(heading), field) == field, heading


def test_the_own_headings_and_words_are_in_half_width_letters_already():
    own = {
        word
        for codes in CHOICES.values()
        for code, words in codes.items()
        for word in (code, *words)
    }
    for kind in FilingKind:
        for field in fields_of(kind):
            own |= {field.name, *field.headings, *field.spare_headings}
    assert [text for text in sorted(own) if plain(text) != text] == []


@pytest.mark.parametrize(
    ("kind", "headings", "line", "given"),
    [
        (FilingKind.HIRE, ["职工姓名", "证件号", "到岗时间", "社保基数", "参保时间", "电话号码"],
         [*PEOPLE[0], "13800000000"],
         {"hired_on": "2026-11-03", "wage_fen": 800_000, "start_month": "2026-11", "mobile": "13800000000"}),
        (FilingKind.LEAVE, ["姓名", "身份证号", "离职时间", "停保时间", "离职原因", "是否自愿"],
         [*PEOPLE[0][:2], "2026-11-20", "2026-11", "主动离职", "是"],
         {"ended_on": "2026-11-20", "stop_month": "2026-11", "end_reason": "resigned"}),
        (FilingKind.LEAVE, ["姓名", "身份证号", "离职日期", "减员日期", "减员原因", "是否自愿"],
         [*PEOPLE[0][:2], "2026-11-20", "2026-12-01", "合同终止", "否"],
         {"ended_on": "2026-11-20", "stop_month": "2026-12"}),
        (FilingKind.LEAVE, ["姓名", "身份证号", "减员日期", "停保月份", "减员原因", "是否自愿"],
         [*PEOPLE[0][:2], "2026-11-20", "2026-11", "辞职", "是"],
         {"ended_on": "2026-11-20", "stop_month": "2026-11"}),
        (FilingKind.BASE, ["姓名", "身份证号", "缴费基数"], [*PEOPLE[0][:2], "8000"],
         {"wage_fen": 800_000}),
        (FilingKind.CHANGE, ["姓名", "身份证号", "调整后基数", "执行月份"],
         [*PEOPLE[0][:2], "9000", "Nov-26"], {"wage_fen": 900_000, "start_month": "2026-11"}),
    ],
)  # fmt: skip
def test_headings_that_staff_offices_write_are_understood(tmp_path, kind, headings, line, given):
    (row,) = read_rows(make(tmp_path / "a.xlsx", a=[headings, line]), kind, defaults=INSURED)

    assert {name: row.given.get(name) for name in given} == given


def test_columns_beyond_the_list_do_not_matter(tmp_path):
    wide = [[*line, *["x"] * 250] for line in LIST]

    assert names(make(tmp_path / "a.xlsx", a=wide)) == ["赵一一", "欧阳三三"]


def test_a_known_heading_counts_however_far_right(tmp_path):
    wide = [[*line[:2], *[""] * 300, *line[2:]] for line in LIST]

    assert names(make(tmp_path / "a.xlsx", a=wide)) == ["赵一一", "欧阳三三"]
