"""A year's page in two parts: what is common to many people, and what fills its places."""

from functools import lru_cache
from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from siweb.ledgers.labels import MARKS
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.year_sheet import YearSheet
from siweb.web.language.formats import yuan_in
from siweb.web.language.locale import preferences

# Most people's years look like those of a few others: twelve paid months, a change of employer.
_KEPT = 4096


def shape_of(sheet: YearSheet) -> dict[str, Any]:
    """Return what a page of this year has in common with those of many other people."""
    return {
        "year": sheet.year,
        "is_empty": sheet.is_empty,
        "before": sheet.before,
        "after": sheet.after,
        "is_unpaid": sheet.unpaid_fen > 0,
        "lines": tuple([(line.insurance.value, line.last_base_fen > 0) for line in sheet.lines]),
    }


def places_of(sheet: YearSheet) -> dict[str, Any]:
    """Return what stands in the places of the page: amounts, counts and marks."""
    locale = preferences().locale
    # Part of what the kept marks are found by: under a mandate to help, the same months lead to
    # other addresses, which are nobody else's.
    address = url_for("record_month.show_month", month=f"{sheet.year}-")
    places: dict[str, Any] = {
        "own": yuan_in(locale, sheet.employee_fen),
        "employer": yuan_in(locale, sheet.employer_fen),
        "unpaid": yuan_in(locale, sheet.unpaid_fen),
        "legend": _legend(locale, sheet.states),
    }
    for line in sheet.lines:
        insurance = line.insurance.value
        places["paid_" + insurance] = line.months_paid
        places["base_" + insurance] = yuan_in(locale, line.last_base_fen)
        places["marks_" + insurance] = _marks(locale, address, line.states)
    return places


@lru_cache(maxsize=_KEPT)
def _legend(_locale: str, states: frozenset[MarkState]) -> Markup:
    """Return what the signs of a year mean."""
    marks = [words for state, words in MARKS.items() if state in states]
    return Markup(render_template("ledgers/_legend.html", marks=marks))  # noqa: S704


@lru_cache(maxsize=_KEPT)
def _marks(_locale: str, address: str, states: tuple[MarkState, ...]) -> Markup:
    """Return the list of twelve marks; nothing of a person is in it but how the months look.

    `address` is that of a month without its number.
    """
    marks = [MARKS[state] for state in states]
    return Markup(render_template("ledgers/_marks.html", address=address, marks=marks))  # noqa: S704
