"""The questions of the calculators; they are sent by GET, so that an address holds a result."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import NumberRange, Optional

from siweb.portal.calculators.fields import WagesField
from siweb.rules.calendar.deadlines import PeriodUnit
from siweb.rules.numbers.rates import PPM, percent_from_ppm
from siweb.rules.parameters.parameter_set import ParameterMissing, ParameterSet
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.typed_fields import (
    DayField,
    MonthField,
    MultiplierField,
    Needed,
    WholeField,
)
from siweb.web.language.explanations import months_text, working_days_text

_AMOUNT = {"inputmode": "decimal", "maxlength": "20", "autocomplete": "off"}
_NUMBER = {"inputmode": "numeric", "maxlength": "6", "autocomplete": "off"}
_MONTH_TEXT = {"maxlength": "20", "autocomplete": "off"}
_LEAST_INDEX = PPM // 10
# Ceilings are 3 × the average; ten times is a typing mistake, not a career.
_MOST_INDEX = 10 * PPM
# Each with a period of the packs by its name.
_EVENTS = {
    "employee_registration": _l("Somebody started to work: register"),
    "employer_registration": _l("An employer was founded: register"),
    "termination_report": _l("An employment ended: report"),
    "registration_change": _l("An employer’s data changed: report"),
    "individual_registration": _l("Somebody applied to be registered: done"),
    "pension_application": _l("Somebody applied for a pension: done"),
}


class CalculatorForm(PageForm):
    """A question without consequences: no token, nothing is kept."""

    class Meta(PageForm.Meta):
        csrf = False

    def offer(self, in_force: ParameterSet) -> None:
        """Take in what holds in the region: choices that follow from it."""


def _month_field() -> Any:
    return MonthField(
        _l("Contribution month"),
        [Optional()],
        description=_l("For example 2026-03. Left empty: this month."),
        render_kw=_MONTH_TEXT,
    )


class EmployeePremiumForm(CalculatorForm):
    wage = MoneyField(
        _l("Monthly wage before deductions"),
        [Needed(_l("Enter the monthly wage."))],
        description=_l("In yuan; usually the average of last year."),
        render_kw=_AMOUNT,
    )
    month = _month_field()


class EmployerPremiumForm(CalculatorForm):
    wages = WagesField(
        _l("Monthly wages of your employees"),
        [Needed(_l("Enter at least one wage."))],
        description=_l("In yuan, one a line; at most 100."),
        render_kw={"rows": "4", "autocomplete": "off", "maxlength": "2000"},
    )
    injury_class = SelectField(
        _l("Work injury class of the trade"),
        choices=[SelectChoice(str(number), str(number)) for number in range(1, 9)],
        default="1",
        description=_l("From 1 (offices) to 8 (mines); the agency tells you yours."),
    )
    injury_tier = SelectField(
        _l("Tier within the class"),
        choices=[SelectChoice(str(PPM), "100%")],
        default=str(PPM),
        description=_l("100% unless the agency set another one for you."),
    )
    month = _month_field()

    def offer(self, in_force: ParameterSet) -> None:
        """Offer the tiers that any class has."""
        self.injury_tier.choices = [
            SelectChoice(str(tier), f"{percent_from_ppm(tier)}%")
            for tier in in_force.every_injury_tier()
        ]


class FlexiblePremiumForm(CalculatorForm):
    base = MoneyField(
        _l("Contribution base you would choose"),
        [Needed(_l("Enter the base."))],
        description=_l("In yuan a month."),
        render_kw=_AMOUNT,
    )
    month = _month_field()


class RetirementForm(CalculatorForm):
    birth_month = MonthField(
        _l("Birth month"),
        [Needed(_l("Enter the birth month."))],
        description=_l("For example 1972-09 or 197209."),
        render_kw=_MONTH_TEXT,
    )
    category = RadioField(
        _l("Whose age counts"),
        [Needed(_l("Choose whose age counts."))],
        choices=[
            SelectChoice("male", _l("Man")),
            SelectChoice(
                "female55", _l("Woman in a post with the former age of 55 (such as management)")
            ),
            SelectChoice(
                "female50", _l("Woman in a post with the former age of 50 (such as a worker’s)")
            ),
        ],
    )


class PensionForm(CalculatorForm):
    months_paid = WholeField(
        _l("Months you will have paid"),
        [
            Needed(_l("Enter the months.")),
            NumberRange(1, 720, _l("Enter a number from 1 to 720.")),
        ],
        description=_l("20 years are 240 months."),
        render_kw=_NUMBER,
    )
    index = MultiplierField(
        _l("Average contribution index"),
        [
            Needed(_l("Enter the index.")),
            NumberRange(_LEAST_INDEX, _MOST_INDEX, _l("Enter an index from 0.1 to 10.")),
        ],
        description=_l("Your base divided by the average wage, such as 0.8; it is 1 on average."),
        render_kw=_AMOUNT,
    )
    balance = MoneyField(
        _l("Balance of your individual account"),
        [Needed(_l("Enter the balance."))],
        description=_l("In yuan, at retirement."),
        render_kw=_AMOUNT,
    )
    age_years = WholeField(
        _l("Retirement age: years"),
        [
            Needed(_l("Enter the age.")),
            NumberRange(40, 70, _l("Enter an age from 40 to 70.")),
        ],
        render_kw=_NUMBER,
    )
    age_months = WholeField(
        _l("Retirement age: months beyond"),
        [Optional(), NumberRange(0, 11, _l("Enter a number from 0 to 11."))],
        description=_l("From 0 to 11."),
        render_kw=_NUMBER,
    )
    average_wage = MoneyField(
        _l("Wage that pensions are computed by"), [Optional()], render_kw=_AMOUNT
    )


class LateFeeForm(CalculatorForm):
    arrears = MoneyField(
        _l("Arrears"),
        [Needed(_l("Enter the arrears."))],
        description=_l("In yuan: what should have been paid."),
        render_kw=_AMOUNT,
    )
    due_on = DayField(_l("Due on"), [Needed(_l("Enter the last day to pay."))])
    paid_on = DayField(_l("Paid on"), [Needed(_l("Enter the payment date."))])


class DeadlineForm(CalculatorForm):
    event = RadioField(
        _l("What happened"),
        [Needed(_l("Choose one."))],
        choices=[SelectChoice(name, label) for name, label in _EVENTS.items()],
        default="employee_registration",
    )
    happened_on = DayField(_l("On which day"), [Needed(_l("Enter the day on which it happened."))])

    def offer(self, in_force: ParameterSet) -> None:
        """Name beside each event how long its period is."""
        self.event.choices = [
            SelectChoice(name, _with_length(label, in_force, name))
            for name, label in _EVENTS.items()
        ]


def _with_length(label: Any, in_force: ParameterSet, name: str) -> str:
    try:
        period = in_force.period(name)
    except ParameterMissing:
        return str(label)
    count = period.length
    if period.unit is PeriodUnit.WORKING_DAYS:
        length = working_days_text(count)
    elif period.unit is PeriodUnit.MONTHS:
        length = months_text(count)
    else:
        length = ngettext("%(num)s day", "%(num)s days", count)
    return str(_("%(event)s within %(length)s", event=label, length=length))
