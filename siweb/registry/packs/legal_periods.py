"""Figures of the law, as sentences name them: by the packs in force, never by the sentence.

A notice may change a number of days; then every page and paper says the new one, and none has to be
looked for.
"""

from functools import partial
from itertools import pairwise
from typing import NamedTuple

from flask import Flask, has_request_context
from flask_babel.speaklater import LazyString

from siweb import clock
from siweb.registry.packs.in_force import last_in_force, packs_in_force
from siweb.rules.calendar.months import month_of
from siweb.rules.contributions.fines import FineTerms
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.read import NATIONAL
from siweb.web.language.explanations import length_text, months_text, period_text
from siweb.web.read_once import read_once


def legal_period(name: str) -> LazyString:
    """Return a period of the nation's pack in the reader's words, when it is shown: '30 days'."""
    return LazyString(partial(_period, name))


def certification_period() -> LazyString:
    """Return for how long a certification is good, when it is shown: '12 months'."""
    return LazyString(_certification)


def paying_place_period() -> LazyString:
    """Return how long a place must have been paid at to pay a pension, when it is shown."""
    return LazyString(_paying_place)


class PensionMinimum(NamedTuple):
    """How long must have been paid for a pension, and how that rises: years, and lengths."""

    least: str
    most: str
    # The first year in which it is more, by how much each year, and the last in which it rises.
    from_year: int
    step: str
    last_year: int


def pension_minimum() -> PensionMinimum | None:
    """Return how the least time for a pension rises; None where it stays or jumps unevenly."""
    rows = _parameters().minimum_months().rows
    steps = {after[1] - before[1] for before, after in pairwise(rows)}
    if len(steps) != 1:
        return None
    least, most = length_text(rows[0][1]), length_text(rows[-1][1])
    return PensionMinimum(least, most, rows[1][0], length_text(steps.pop()), rows[-1][0])


def least_pension_time() -> str:
    """Return how long must have been paid for a pension that begins this year."""
    year = int(month_of(clock.today())[:4])
    rows = _parameters().minimum_months().rows
    now = [months for first, months in rows if first <= year] or [rows[0][1]]
    return length_text(now[-1])


def late_fee_rate() -> int:
    """Return what a day of delay costs this month, in ppm of what is late (SIL 86)."""
    return _parameters().late_fee_terms().daily_rate


def undeclared_rate() -> int:
    """Return what is assessed without a declaration, in ppm of the month before (SIL 62)."""
    return _parameters().assessment_terms().rate


def legal_fine(name: str) -> FineTerms:
    """Return the range of a fine this month."""
    return _parameters().fine_terms(name)


def install(app: Flask) -> None:
    """Let templates name periods, rates and fines."""
    app.jinja_env.globals["legal_period"] = legal_period
    app.jinja_env.globals["certification_period"] = certification_period
    app.jinja_env.globals["legal_fine"] = legal_fine
    app.jinja_env.globals["late_fee_rate"] = late_fee_rate
    app.jinja_env.globals["undeclared_rate"] = undeclared_rate
    app.jinja_env.globals["pension_minimum"] = pension_minimum
    app.jinja_env.globals["least_pension_time"] = least_pension_time


def _period(name: str) -> str:
    return period_text(_parameters().period(name))


def _certification() -> str:
    return months_text(_parameters().certification_terms().period_months)


def _paying_place() -> str:
    return length_text(_parameters().paying_place_months() or 0)


def _parameters() -> ParameterSet:
    # A paper that a worker makes has no request; whoever decided it asked for the packs before.
    packs = read_once(packs_in_force) if has_request_context() else last_in_force()
    return packs.parameters(NATIONAL, month_of(clock.today()))
