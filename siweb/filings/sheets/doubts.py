"""What the headings of a list leave open: amounts not in yuan, two columns that differ."""

import re
from decimal import Decimal
from typing import Any

from siweb.documents.spreadsheets.reading.cell import NOT_CALCULATED, Cell
from siweb.filings.fields.field import FieldType
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.filings.sheets import values
from siweb.filings.sheets.headings import Header

_SHOWN = 40
_THOUSANDS, _HUNDREDS = re.compile(r"\d{1,3}"), re.compile(r"\d{3}(?:\.\d{1,2})?")
_A_YUAN = 100
Given = dict[str, Any]


class Doubts:
    """Refuses values of a row that may not be what they seem."""

    def __init__(self, header: Header) -> None:
        self.header = header
        # An amount with a thousands comma that a text file took for the end of the cell.
        self.split_places = [
            place
            for place, column in header.columns.items()
            if column.type is FieldType.MONEY and place + 1 not in header.columns
        ]
        self.has_any = bool(
            self.split_places or header.doubles or header.units or header.average is not None
        )

    def hold(self, cells: dict[int, Cell], given: Given, findings: list[Finding]) -> None:
        """Take out of what a row gives whatever is in doubt, and name it."""
        for place in self.split_places:
            if place + 1 in cells:
                self._hold_split(cells, place, given, findings)
        self._hold_headings(cells, given, findings)

    def _hold_split(
        self, cells: dict[int, Cell], place: int, given: Given, findings: list[Finding]
    ) -> None:
        """Refuse 8 beside 000.00 under no heading that counts: it was 8,000.00."""
        before, behind = cells.get(place, NOT_CALCULATED).text, cells[place + 1].text
        if _THOUSANDS.fullmatch(before) and _HUNDREDS.fullmatch(behind):
            self._refuse(place, "cell_money", f"{before},{behind}", given, findings)

    def _hold_headings(self, cells: dict[int, Cell], given: Given, findings: list[Finding]) -> None:
        for place, unit in self.header.units.items():
            if place in cells:
                self._refuse(place, "cell_unit", unit, given, findings)
        for place, others in self.header.doubles.items():
            # The same text twice is no doubt.
            texts = {values.plain(cells[p].text) for p in (place, *others) if p in cells}
            if len(texts) > 1:
                self._refuse(place, "cell_twice", "、".join(sorted(texts)), given, findings)
        if self.header.average is not None:
            _hold_average(cells.get(self.header.average), given, findings)

    def _refuse(
        self, place: int, code: str, text: str, given: Given, findings: list[Finding]
    ) -> None:
        field = self.header.columns[place].name
        if given.pop(field, None) is not None:
            findings.append(finding(code, ERROR, field=field, text=text[:_SHOWN]))


def _hold_average(cell: Cell | None, given: Given, findings: list[Finding]) -> None:
    """Refuse an average that is not the total over the months; people round it to whole yuan."""
    total, months = given.get("total_wage_fen"), given.get("months")
    if cell is None or total is None or not months:
        return
    try:
        typed = values.fen(cell)
    except values.Unreadable:
        return  # "see annex": nothing to hold against
    if abs(typed - total / Decimal(months)) >= _A_YUAN:
        text = values.plain(cell.text)[:_SHOWN]
        findings.append(finding("average_differs", ERROR, field="total_wage_fen", text=text))
