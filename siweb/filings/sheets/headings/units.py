"""In which unit the headings of a list say that its amounts are, where it is not yuan."""

import re
from collections.abc import Collection

from siweb.documents.spreadsheets.reading.cell import RawRow
from siweb.filings.sheets import values

# What a heading says of its unit: in brackets, or behind a stroke; a line above the list, alone.
_BRACKETED = re.compile(r"[(\[【]([^)\]】]*)[)\]】]|/([^/]+)\Z")
_OTHER_MONEY = r"[万千百]元?|[美港欧日]元|美金|港币|日币|usd|hkd|us\$|\$|k"
_OTHER_UNIT = re.compile(
    rf"(?:(?:金额)?单位:?)?(?:人民币)?(?:{_OTHER_MONEY})(?:/.*)?"
    r"|元?/?[年天日时]薪?|元?/小时|每[年天日]|按[年天日]"
)
_UNIT_LINE = re.compile(rf".*单位:(?:人民币)?(?:{_OTHER_MONEY})\W*")


def other_units(rows: list[RawRow], places: Collection[int], first: int) -> dict[int, str]:
    """Return by place of an amount what the headings say of its unit, where that is not yuan.

    `rows` go down to the last row of headings, `first` is the number of the first; a line above
    the headings speaks for all amounts.
    """
    found: dict[int, str] = {}
    for row in rows:
        for place, cell in row.cells.items():
            text = "".join(values.plain(cell.text).casefold().split())
            if row.number < first and _UNIT_LINE.fullmatch(text):
                found |= dict.fromkeys(places, text)
            elif row.number >= first and place in places and _says_other_unit(text):
                found[place] = text
    return found


def _says_other_unit(heading: str) -> bool:
    asides = (bracketed or behind for bracketed, behind in _BRACKETED.findall(heading))
    return any(_OTHER_UNIT.fullmatch(aside) for aside in asides)
