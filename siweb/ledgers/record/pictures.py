"""How a person's months are drawn: the same ground, sign and word in every picture of them."""

from collections.abc import Iterable

from siweb.ledgers.labels import MARKS
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.years import YearLine, Years
from siweb.registry.codes import Insurance
from siweb.web.charts.marks import Mark
from siweb.web.charts.years import YearRow, YearsPicture, draw_years

_CSS = {
    MarkState.PAID: "p",
    MarkState.BACK_PAID: "b",
    MarkState.UNPAID: "u",
    MarkState.MISSING: "m",
    MarkState.NOT_ENROLLED: "n",
    MarkState.NOT_DUE: "d",
}
_MARKS = {state: Mark(_CSS[state], mark.sign, mark.says) for state, mark in MARKS.items()}
# A month to come is left white: there is nothing to say of it yet.
_TO_COME = Mark(_CSS[MarkState.NOT_DUE], "", "")


def picture_mark(state: MarkState) -> Mark:
    """Return how a state is drawn."""
    return _MARKS[state]


def draw_insurances(years: Years) -> list[tuple[Insurance, YearsPicture]]:
    """Return a picture over the years of each insurance that the person ever took part in."""
    return [
        (insurance, _draw(years.lines, insurance))
        for insurance in Insurance
        if any(set(line.marks[insurance]) != {MarkState.NOT_ENROLLED} for line in years.lines)
    ]


def key_of(years: Years) -> list[Mark]:
    """Return every mark that occurs in the pictures, in the order of the states."""
    found = {
        state for line in years.lines for states in line.marks.values() for state in states
    } - {MarkState.NOT_DUE}
    return [mark for state, mark in _MARKS.items() if state in found]


def _draw(lines: Iterable[YearLine], insurance: Insurance) -> YearsPicture:
    rows = [
        YearRow(
            str(line.year),
            tuple(
                _TO_COME if state is MarkState.NOT_DUE else _MARKS[state]
                for state in line.marks[insurance]
            ),
            str(line.paid(insurance)),
        )
        for line in lines
    ]
    return draw_years(
        rows, _CSS[MarkState.PAID], (_CSS[MarkState.NOT_DUE], _CSS[MarkState.NOT_ENROLLED])
    )
