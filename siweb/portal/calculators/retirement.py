"""When somebody retires under the reform of 2025."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from siweb import clock
from siweb.portal.calculators.worked import Group, Worked
from siweb.portal.parameters import figures_of
from siweb.rules.benefits.retirement import Retirement, explain_minimum_months, explain_retirement
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet

FIRST_BIRTH_MONTH = "1900-01"


@dataclass(frozen=True, slots=True)
class RetirementFigures:
    """The month, age and window, and the months that must have been paid by then."""

    retirement: Retirement
    minimum_months: int

    @property
    def year(self) -> int:
        """The year in which the pension would start, which the minimum goes by."""
        return int(self.retirement.retirement_month[:4])


def work_out(form: Any, code: str, packs: PackSet) -> Worked | None:
    """Return the retirement month of somebody born in a month."""
    this_month = month_of(clock.today())
    born = form.birth_month.data
    if not FIRST_BIRTH_MONTH <= born <= this_month:
        form.birth_month.errors = [_("Enter a birth month between 1900 and today.")]
        return None
    in_force = figures_of(packs, code, this_month)
    try:
        found = explain_retirement(born, in_force.retirement_schedule(form.category.data))
    except RuleError:
        form.birth_month.errors = [_("We cannot work that out. Check the birth month.")]
        return None
    year = int(found.value.retirement_month[:4])
    minimum = explain_minimum_months(year, in_force.minimum_months())
    figures = RetirementFigures(found.value, minimum.value)
    return Worked(figures, (Group((*found.steps, *minimum.steps)),))
