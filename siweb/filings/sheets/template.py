"""Templates to download: the columns of a kind, drop-downs, an example row, the region's limits."""

from collections.abc import Sequence
from datetime import date
from typing import BinaryIO

import xlsxwriter

from siweb.filings.fields import shared_fields
from siweb.filings.fields.field import Field, FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.cell_texts import words_of
from siweb.filings.sheets.columns import columns_of
from siweb.rules.calendar.months import month_of

# Lists to choose from reach down to here; rows below are read as well.
MOST_ROWS = 100_000
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


def write_template(
    target: BinaryIO, kind: FilingKind, *, limits: Sequence[tuple[str, str, str]], on: date
) -> None:
    """Write the XLSX; `limits` are lines of insurance, floor and ceiling in yuan, as text."""
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    heading = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    text, quiet = book.add_format({"num_format": "@"}), book.add_format({"italic": True})
    sheet = book.add_worksheet("名单")
    for place, field in enumerate(columns_of(kind)):
        star = "*" if field.is_needed else ""
        sheet.write_string(0, place, field.headings[0] + star, heading)
        sheet.write_string(1, place, _example(field, words_of(field), on), quiet)
        is_amount = field.type in {FieldType.MONEY, FieldType.WHOLE}
        sheet.set_column(place, place, _WIDTH, None if is_amount else text)
        words = words_of(field)
        if words:
            listed = {"validate": "list", "source": words, "ignore_blank": True}
            sheet.data_validation(1, place, MOST_ROWS, place, listed)
    sheet.freeze_panes(1, 2)
    notes = book.add_worksheet("说明")
    notes.set_column(0, 0, 2 * _WIDTH)
    lines: list[tuple[str, ...]] = [(line,) for line in NOTES]
    lines += [("本地区缴费基数上下限（元）",), ("险种", "下限", "上限"), *limits] if limits else []
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            notes.write_string(number, place, cell)
    book.close()


def _example(field: Field, words: Sequence[str], on: date) -> str:
    if field.example:
        return field.example
    if field.type is FieldType.MONTH:
        return month_of(on)
    return words[0] if words else on.isoformat()
