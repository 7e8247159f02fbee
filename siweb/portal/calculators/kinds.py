"""The calculators, by the word in their address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from siweb.portal.calculators import deadline, forms, late_fee, pension, premium, retirement
from siweb.portal.calculators.worked import Worked
from siweb.rules.parameters.pack_set import PackSet

WorkOut = Callable[[Any, str, PackSet], Worked | None]


@dataclass(frozen=True, slots=True)
class Calculator:
    """A calculator: its words, its form, the function that answers, the template of the answer.

    `needs_figures`: only for regions with a parameter pack; the others go by the nation's rows.
    """

    title: Any
    about: Any
    form: type[forms.CalculatorForm]
    work_out: WorkOut
    piece: str
    needs_figures: bool = False
    is_estimate: bool = False


KINDS = {
    "premium-employee": Calculator(
        _l("Premium of an employee"),
        _l("What you and your employer pay on your wage"),
        forms.EmployeePremiumForm,
        premium.work_out_employee,
        "_premium",
        needs_figures=True,
    ),
    "premium-employer": Calculator(
        _l("Premium of an employer"),
        _l("What an employer pays and withholds for its people"),
        forms.EmployerPremiumForm,
        premium.work_out_employer,
        "_premium",
        needs_figures=True,
    ),
    "premium-flexible": Calculator(
        _l("Premium of a flexible worker"),
        _l("What you pay alone on the base you choose"),
        forms.FlexiblePremiumForm,
        premium.work_out_flexible,
        "_premium",
        needs_figures=True,
    ),
    "retirement-date": Calculator(
        _l("Retirement date"),
        _l("The month under the reform of 2025, and the months you may choose"),
        forms.RetirementForm,
        retirement.work_out,
        "_retirement",
    ),
    "pension-estimate": Calculator(
        _l("Pension estimate"),
        _l("About how much a month"),
        forms.PensionForm,
        pension.work_out,
        "_pension",
        is_estimate=True,
    ),
    "late-fee": Calculator(
        _l("Late fee"),
        _l("What an employer’s late payment costs"),
        forms.LateFeeForm,
        late_fee.work_out,
        "_late_fee",
    ),
    "thirty-day-deadline": Calculator(
        _l("Deadlines"),
        _l("The last day of a period that the law sets"),
        forms.DeadlineForm,
        deadline.work_out,
        "_deadline",
    ),
}
