"""Templates to download: the columns of a kind, drop-downs, an example row, the region's limits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO

import xlsxwriter

from siweb.filings.fields import shared_fields
from siweb.filings.fields.field import Field, FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.own_bases import OWN_BASE_NAMES
from siweb.filings.sheets.cell_texts import words_of
from siweb.filings.sheets.columns import columns_of
from siweb.rules.calendar.months import month_of

# Lists to choose from reach down to here; rows below are read as well.
MOST_ROWS = 100_000
# An ID number in full: a column that is narrower shows #### or 1.1E+17 instead.
_WIDTH = 18
EXAMPLE_NAME = shared_fields.NAME.example
NOTES = (
    "怎么填",
    "1. 每人一行。带 * 的列必须填。列的顺序可以变，名称不要改。",
    "2. 公民身份号码这一列已设为文本：请直接录入或粘贴为文本，不要改成数字。",
    "3. 日期写成 2026-03-05，月份写成 2026-03，金额以元为单位。",
    "4. 第二行是示例，上传时不会申报，可以删去。",
    "5. 可以选的词在下拉列表里。",
)
FILLED_NOTES = (
    "怎么填",
    "1. 名单为本单位目前在保的职工，每人一行。离职的删去，不在名单上的另行申报。",
    "2. 填写上年工资总额和上年工作月数；工作月数按入职日期预填，请核对。金额以元为单位。",
    "3. 现行基数仅供对照，上传时不读取。没有填工资的行不会申报，会逐行指出。",
    "4. 填好后在“年度缴费基数”的表格申报页面上传。",
)
Limits = Sequence[tuple[str, str, str]]


# What stands beside the columns of a filled sheet, for its filer to compare; nobody reads it back.
BESIDE = "参考：现行基数（元）"


def write_template(
    target: BinaryIO,
    kind: FilingKind,
    *,
    limits: Limits,
    on: date,
    without: Collection[str] = (),
) -> None:
    """Write the XLSX; `limits` are lines of insurance, floor and ceiling in yuan, as text.

    Fields in `without` have no column: nobody is offered what the region refuses.
    """
    columns = [field for field in columns_of(kind) if field.name not in without]
    book, sheet = _begin(target, columns)
    quiet = book.add_format({"italic": True})
    for place, field in enumerate(columns):
        sheet.write_string(1, place, _example(field, words_of(field), on), quiet)
    _end(book, NOTES, limits)


def write_filled(
    target: BinaryIO,
    kind: FilingKind,
    rows: Iterable[Mapping[str, str]],
    *,
    limits: Limits,
    without: Collection[str] = (),
) -> None:
    """Write the XLSX with a row for each of some people, as texts by field, and by `BESIDE`."""
    columns = [field for field in columns_of(kind) if field.name not in without]
    names = (*(field.name for field in columns), BESIDE)
    book, sheet = _begin(target, columns, BESIDE)
    text = book.add_format({"num_format": "@"})
    for number, row in enumerate(rows, 1):
        for place, name in enumerate(names):
            if row.get(name):
                sheet.write_string(number, place, row[name], text)
    _end(book, FILLED_NOTES, limits)


def _begin(target: BinaryIO, columns: Sequence[Field], *beside: str) -> tuple[Any, Any]:
    """Return a new book with its list: headings, and drop-downs where words are chosen from."""
    # Row after row to the disk: an employer may have a hundred thousand people.
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    heading = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("名单")
    for place, field in enumerate(columns):
        star = "*" if field.is_needed else ""
        sheet.write_string(0, place, field.headings[0] + star, heading)
        is_amount = field.type in {FieldType.MONEY, FieldType.WHOLE}
        sheet.set_column(place, place, _WIDTH, None if is_amount else text)
        words = words_of(field)
        if words:
            listed = {"validate": "list", "source": words, "ignore_blank": True}
            sheet.data_validation(1, place, MOST_ROWS, place, listed)
    for place, name in enumerate(beside, len(columns)):
        sheet.write_string(0, place, name, heading)
        sheet.set_column(place, place, _WIDTH)
    sheet.freeze_panes(1, 2)
    return book, sheet


def _end(book: Any, about: Sequence[str], limits: Limits) -> None:
    notes = book.add_worksheet("说明")
    notes.set_column(0, 0, 2 * _WIDTH)
    lines: list[tuple[str, ...]] = [(line,) for line in about]
    lines += [("本地区缴费基数上下限（元）",), ("险种", "下限", "上限"), *limits] if limits else []
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            notes.write_string(number, place, cell)
    book.close()


def _example(field: Field, words: Sequence[str], on: date) -> str:
    # A base of one insurance is left empty by most: an example would be copied.
    if field.example or field.name in OWN_BASE_NAMES:
        return field.example
    if field.type is FieldType.MONTH:
        return month_of(on)
    return words[0] if words else on.isoformat()
