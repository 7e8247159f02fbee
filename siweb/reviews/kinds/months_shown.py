"""What the step of the months shows, in two parts: what many people see alike, and the rest."""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import render_template
from flask_babel import ngettext
from markupsafe import Markup

from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.contact import RIGHT, WRONG
from siweb.web.language.formats import yuan_in
from siweb.web.language.locale import preferences
from siweb.wizard.definition import Shown

_CHOICES = (RIGHT, WRONG)
# Most people's years look like those of a few others.
_KEPT = 4096


def shown_months(facts: ReviewFacts, form: Any) -> Shown:
    """Return what the page of the months is made of."""
    period, locale = facts.campaign, preferences().locale
    places: dict[str, Any] = {"grid": _grid(locale, facts.marks_given)}
    for line in facts.marks:
        insurance = line.insurance.value
        places["paid_" + insurance] = _months_paid(locale, line.months_paid)
        places["base_" + insurance] = yuan_in(locale, line.last_base_fen)
    given = {
        "year": period.year,
        "first": period.period_from_month,
        "last": period.period_to_month,
        "lines": tuple([(line.insurance.value, line.last_base_fen > 0) for line in facts.marks]),
        "is_missing": bool(facts.missing_months),
        # All that the form itself shows of one person. What else was sent and saved half-filled is
        # no choice and shows none: as a key it would be kept, however long.
        "verdict": form.verdict.data if form.verdict.data in _CHOICES else None,
    }
    return Shown(given, places)


@lru_cache(maxsize=_KEPT)
def _grid(_locale: str, given: Hashable) -> Markup:
    """Return the grid of the months; nothing of a person is in it but how months look."""
    return Markup(render_template("reviews/steps/_marks_grid.html", given=given))  # noqa: S704


@lru_cache(maxsize=_KEPT)
def _months_paid(_locale: str, number: int) -> str:
    return str(ngettext("%(count)s month paid", "%(count)s months paid", number, count=number))
