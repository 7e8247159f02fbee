"""Periods that the law sets, as sentences name them: by the packs in force, never by the sentence.

A notice may change a number of days; then every page and paper says the new one, and none has to be
looked for.
"""

from functools import partial

from flask import Flask, has_request_context
from flask_babel.speaklater import LazyString

from siweb import clock
from siweb.registry.packs.in_force import last_in_force, packs_in_force
from siweb.rules.calendar.months import month_of
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


def install(app: Flask) -> None:
    """Let templates name periods."""
    app.jinja_env.globals["legal_period"] = legal_period
    app.jinja_env.globals["certification_period"] = certification_period


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
