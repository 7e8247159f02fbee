"""The last day to register or report, which moves off days off (SIL 50, 57, 58)."""

from typing import Any

from flask_babel import gettext as _

from siweb.portal.calculators.worked import Group, Worked
from siweb.portal.parameters import figures_of
from siweb.rules.calendar.deadlines import explain_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet
from siweb.web.language.formats import month as month_text


def work_out(form: Any, code: str, packs: PackSet) -> Worked | None:
    """Return the last day of the period that an event starts."""
    happened_on = form.happened_on.data
    try:
        period = figures_of(packs, code, month_of(happened_on)).period(form.event.data)
        found = explain_deadline(happened_on, period, packs.calendar())
    except RuleError:
        shown = month_text(month_of(happened_on))
        form.happened_on.errors = [_("There are no figures for %(month)s.", month=shown)]
        return None
    return Worked(found.value, (Group(found.steps),))
