"""The columns of a list of signs, and which column of a file somebody says each of them is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siweb.bring_in import cells
from siweb.bring_in.column import Column
from siweb.bring_in.kinds.shared_columns import PERSON, day, words
from siweb.bring_in.read_rows import Places
from siweb.documents.spreadsheets.reading.cell import RawRow
from siweb.documents.spreadsheets.reading.preview import preview
from siweb.filings.sheets.find_list import FIRST_ROWS
from siweb.filings.sheets.headings import folded
from siweb.filings.uploads.assign_columns import (
    MOST_ROWS_OFFERED,
    Offered,
    offered_columns,
)

KIND_WORDS: Mapping[str, tuple[str, ...]] = {
    "death": ("死亡", "去世", "火化", "销户", "死亡注销"),
    "prison": ("服刑", "判刑", "在押", "羁押", "收监"),
    "medical": ("就医", "就诊", "住院", "医疗"),
    "transport": ("出行", "乘车", "乘机", "交通"),
}
COLUMNS: Sequence[Column] = (
    PERSON,
    Column(name="name", heading="姓名", holds="The name that the list has", read=cells.name),
    Column(
        name="kind",
        heading="类型",
        holds="What is said of the person",
        read=cells.choice(KIND_WORDS),
        is_needed=True,
        codes=KIND_WORDS,
    ),
    day("seen_on", "日期", "The day of it", is_needed=True),
    words("remark", "备注", "What the list adds: the court, the hospital", 200),
)
_LONG_NUMBER = re.compile(r"\d{6,}(\d{3}[\dXx])")
_HEADINGS = {
    "id_number": ("公民身份号码", "身份证号", "身份证号码", "身份证", "证件号", "社会保障号码"),
    "kind": ("信息类型", "类别", "情形", "事由"),
    "seen_on": (
        "死亡日期", "死亡时间", "服刑起始日期", "判决日期", "就诊日期", "出行日期", "发生日期",
    ),
    "remark": ("说明", "医院", "法院", "机构", "原因"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assigning:
    """What the page shows: the rows that may have the headings, and which column is which."""

    heading_row: int
    heading_rows: Sequence[tuple[int, str]]
    offered: Sequence[Offered]
    places: Mapping[str, int]


def assigning(
    file: Path,
    layout: Mapping[str, Any],
    earlier: Mapping[str, str],
    *,
    heading_row: int | None = None,
) -> Assigning:
    """Return the columns of a file with what is found by itself, or was chosen before.

    `earlier` says by heading what columns of the same office's last list were.

    :raises SheetRefused: when the file cannot be read.
    """
    shown = preview(file, FIRST_ROWS)
    tab = next((each for each in shown.tabs if each.is_visible and each.rows), None)
    rows = tab.rows if tab is not None else []
    if heading_row is None:
        heading_row = layout["heading_row"] if layout else _heading_row(rows, earlier)
    offered = offered_columns(rows, heading_row, begins_1904=shown.begins_1904)
    places: Mapping[str, int] = layout["columns"] if layout else _found(offered, earlier)
    return Assigning(heading_row, _heading_rows(rows), offered, places)


def _found(offered: Sequence[Offered], earlier: Mapping[str, str]) -> dict[str, int]:
    by_heading = _by_heading(earlier)
    found: dict[str, int] = {}
    for column in offered:
        name = by_heading.get(folded(column.heading))
        if name is not None:
            found.setdefault(name, column.place)
    return found


def _heading_rows(rows: Sequence[RawRow]) -> list[tuple[int, str]]:
    listed = []
    for row in rows[:MOST_ROWS_OFFERED]:
        words = "、".join(without_numbers(cell.text) for cell in row.cells.values())
        listed.append((row.number, f"{row.number} · {words[:40]}"))
    return listed


def without_numbers(text: str) -> str:
    """Return a cell without whole ID numbers: they may be anybody's."""
    return _LONG_NUMBER.sub(r"**\1", text)


def missing(layout: Mapping[str, Any], kind: str | None) -> list[str]:
    """Return the needed columns that nothing was chosen for."""
    given = set(layout["columns"]) | ({"kind"} if kind else set())
    return [column.name for column in COLUMNS if column.is_needed and column.name not in given]


def twice(layout: Mapping[str, Any]) -> bool:
    """Return whether one column was chosen for two."""
    places = list(layout["columns"].values())
    return len(places) != len(set(places))


def places_of(layout: Mapping[str, Any]) -> Places:
    """Return where the columns stand, for the reader."""
    return Places(layout["heading_row"], layout["columns"])


def headings_of(chosen: Assigning, layout: Mapping[str, Any]) -> dict[str, str]:
    """Return by heading which column it is, to be remembered for the office's next list."""
    by_place = {each.place: folded(each.heading) for each in chosen.offered}
    return {by_place[place]: name for name, place in layout["columns"].items() if by_place[place]}


def _by_heading(earlier: Mapping[str, str]) -> dict[str, str]:
    ours = {
        folded(heading): column.name
        for column in COLUMNS
        for heading in (column.name, column.heading, *_HEADINGS.get(column.name, ()))
    }
    return ours | dict(earlier)


def _heading_row(rows: Sequence[RawRow], earlier: Mapping[str, str]) -> int:
    """Return the row of the headings: the one that names most columns, 0 where there is none."""
    by_heading = _by_heading(earlier)
    named = {
        row.number: sum(folded(cell.text) in by_heading for cell in row.cells.values())
        for row in rows
    }
    best = max(named, key=lambda number: (named[number], -number), default=0)
    if named.get(best):
        return best
    # Headings that nobody knows: the first row without a digit.
    plain = (
        row.number
        for row in rows[:MOST_ROWS_OFFERED]
        if not any(letter.isdigit() for cell in row.cells.values() for letter in cell.text)
    )
    return next(plain, 0)
