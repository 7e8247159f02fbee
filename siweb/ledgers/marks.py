"""The twelve marks of an insurance's year, drawn once for everybody whose months look the same."""

from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from siweb.ledgers.words import MARKS
from siweb.ledgers.year_record import MarkState, YearRecord
from siweb.web.locale import preferences

# Most people's years look like those of a few others: twelve paid months, a change of employer.
_KEPT = 4096


def draw_marks(record: YearRecord) -> list[Markup]:
    """Return the list of twelve marks for each insurance, in the reader's language."""
    locale = preferences().locale
    return [
        _drawn(locale, record.year, tuple(mark.state for mark in line.months))
        for line in record.insurances
    ]


def draw_legend(record: YearRecord) -> Markup:
    """Return what the signs of a year mean, in the reader's language."""
    return _legend(preferences().locale, frozenset(record.states))


@lru_cache(maxsize=_KEPT)
def _legend(_locale: str, states: frozenset[MarkState]) -> Markup:
    marks = [words for state, words in MARKS.items() if state in states]
    return Markup(render_template("ledgers/_legend.html", marks=marks))  # noqa: S704


@lru_cache(maxsize=_KEPT)
def _drawn(_locale: str, year: int, states: tuple[MarkState, ...]) -> Markup:
    """Return the list for a year; nothing of a person is in it but how the months look."""
    marks = [MARKS[state] for state in states]
    return Markup(render_template("ledgers/_marks.html", year=year, marks=marks))  # noqa: S704
