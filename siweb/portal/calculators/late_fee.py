"""What a late payment costs (SIL 86)."""

from typing import Any

from flask_babel import gettext as _

from siweb.portal.calculators.worked import Group, Worked
from siweb.portal.parameters import figures_of
from siweb.rules.calendar.months import month_of
from siweb.rules.contributions.late_fee import explain_late_fee
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing
from siweb.web.language.formats import month as month_text


def work_out(form: Any, code: str, packs: PackSet) -> Worked | None:
    """Return the days and the fee."""
    due_on, paid_on = form.due_on.data, form.paid_on.data
    try:
        terms = figures_of(packs, code, month_of(due_on)).late_fee_terms()
    except ParameterMissing:
        shown = month_text(month_of(due_on))
        form.due_on.errors = [_("There are no figures for %(month)s.", month=shown)]
        return None
    found = explain_late_fee(form.arrears.data, due_on, paid_on, terms)
    return Worked(found.value, (Group(found.steps),))
