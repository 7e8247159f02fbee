"""An estimate of the monthly pension."""

from typing import Any

from flask_babel import gettext as _

from siweb import clock
from siweb.portal.calculators.worked import Group, Worked
from siweb.portal.parameters import figures_of
from siweb.rules.benefits.pension import PensionFacts, Ratio, explain_pension
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.row import Row
from siweb.rules.parameters.staleness import staleness_of

_YEAR = 12


def work_out(form: Any, code: str, packs: PackSet) -> Worked | None:
    """Return the parts of the pension, with the pack's wage unless another one was entered."""
    in_force = figures_of(packs, code, month_of(clock.today()))
    row = pension_wage(packs, code)
    wage = form.average_wage.data or (row and row.values["average_wage"])
    if not wage:
        form.average_wage.errors = [_("There is no figure for this city: enter the wage.")]
        return None
    age = form.age_years.data * _YEAR + (form.age_months.data or 0)
    years = Ratio(form.months_paid.data, _YEAR)
    facts = PensionFacts(wage, form.index.data, years, form.balance.data, age)
    try:
        found = explain_pension(facts, in_force.pension_terms())
    except RuleError:
        form.age_years.errors = [_("The national table has no row for this age.")]
        return None
    # Somebody's own wage ages with nobody's notice.
    stale = None if form.average_wage.data else staleness_of(in_force, "pension_wage")
    return Worked(found.value, (Group(found.steps),), (stale,) if stale else ())


def pension_wage(packs: PackSet, code: str) -> Row | None:
    """Return the row with the wage that pensions are computed by now, or None."""
    return figures_of(packs, code, month_of(clock.today())).optional_row("pension_wage")
