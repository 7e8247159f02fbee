"""What is asked for one person, by kind of filing; `row()` gives it as a sheet's row would."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.filings.employers.labels import EMPLOYMENT_FORMS, END_REASONS
from siweb.filings.one_person.labels import (
    CATEGORIES,
    CONTRACT_TYPES,
    HIRE_REASONS,
    PAUSE_REASONS,
)
from siweb.registry.codes import Insurance
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import Sex, parse_identity_number
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.number_fields import IdNumberField
from siweb.web.forms.typed_fields import DayField, MonthField, Needed, WholeField
from siweb.web.language.labels import INSURANCES

MOBILE = r"(\+?86)?[- ]?1[3-9]\d{9}"
_AMOUNT = {"inputmode": "decimal", "maxlength": "20", "autocomplete": "off"}
_MONTH = {"maxlength": "20", "autocomplete": "off"}
_TOO_LONG = _l("Use at most %(max)d characters.")


class OnePersonForm(PageForm):
    """A filing about one person; choices and suggestions depend on the day."""

    on: date

    def prepare(self, on: date, **suggested: Any) -> None:
        """Take in today, and fill what is suggested where nothing was typed."""
        self.on = on
        for name, value in suggested.items():
            if name in self and self[name].raw_data is None:
                self[name].data = value

    def row(self) -> dict[str, Any]:
        """Return what was answered, by the columns of a sheet."""
        return {
            field.short_name: field.data
            for field in self
            if field.short_name != "csrf_token" and field.data not in (None, "", [])
        }


class HireForm(OnePersonForm):
    """A new employee."""

    id_number = IdNumberField(
        _l("Citizen ID number"),
        [InputRequired(_l("Enter the employee's ID number."))],
        description=_l(
            "Also the number of a residence permit (Hong Kong, Macao, Taiwan) or of a permanent "
            "residence card. Sex and birth date are read from it."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "40"},
    )
    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Enter the name as it stands on the ID card.")),
            Length(max=100, message=_l("A name has at most 100 characters here.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    hired_on = DayField(
        _l("Hired on"),
        [Needed(_l("Enter the first day of work."))],
        description=_l("Registration is due within 30 days; later is accepted and marked."),
    )
    wage_fen = MoneyField(
        _l("Monthly wage, in yuan"),
        [Needed(_l("Enter the monthly wage."))],
        description=_l(
            "Wage of the first month; it is the base until the next yearly declaration."
        ),
        render_kw=_AMOUNT,
    )
    start_month = MonthField(
        _l("First month of contributions"),
        [Needed(_l("Enter the month."))],
        description=_l("Usually the month of hire, such as 2026-11."),
        render_kw=_MONTH,
    )
    insurances = SelectMultipleField(
        _l("Insurances"),
        [InputRequired(_l("Choose at least one insurance."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    retirement_category = RadioField(_l("For a woman: her post"), validate_choice=False)
    form = SelectField(_l("Kind of employment"))
    contract_type = SelectField(_l("Kind of contract"))
    contract_until = DayField(_l("Contract ends on (if fixed)"))
    reason = SelectField(_l("Reason"))
    mobile = StringField(
        _l("Mobile number (so that the employee can confirm)"),
        [
            Optional(),
            Regexp(
                MOBILE, message=_l("Enter a mobile number with 11 digits, such as 13800001234.")
            ),
        ],
        render_kw={"inputmode": "tel", "maxlength": "20", "autocomplete": "off"},
    )

    def prepare(self, on: date, **suggested: Any) -> None:
        """Offer the words; suggest all five insurances and this month."""
        self.insurances.choices = list(INSURANCES.items())
        self.retirement_category.choices = list(CATEGORIES.items())
        self.form.choices = list(EMPLOYMENT_FORMS.items())
        self.contract_type.choices = list(CONTRACT_TYPES.items())
        self.reason.choices = list(HIRE_REASONS.items())
        usual = {"insurances": [one.value for one in Insurance], "start_month": month_of(on)}
        super().prepare(on, **(usual | suggested))

    def validate_contract_until(self, field: Any) -> None:
        """Ask for the end of a fixed contract."""
        if self.contract_type.data == "fixed" and field.data is None:
            raise ValidationError(_("Enter the day on which the contract ends."))

    def validate_retirement_category(self, field: Any) -> None:
        """Ask for a woman's post: her retirement age depends on it."""
        if self._is_woman() and field.data not in CATEGORIES:
            raise ValidationError(_("Choose her post: it decides when she may retire."))

    def row(self) -> dict[str, Any]:
        """Return the answers; a man's category is no question."""
        found = super().row()
        if not self._is_woman():
            found.pop("retirement_category", None)
        if self.contract_type.data != "fixed":
            found.pop("contract_until", None)
        return found

    def _is_woman(self) -> bool:
        try:
            return parse_identity_number(self.id_number.data or "").sex is Sex.FEMALE
        except NumberRefused:
            return False


class LeaveForm(OnePersonForm):
    """Somebody leaves; whether it was voluntary decides on unemployment benefit (SIL 45)."""

    ended_on = DayField(_l("Last day of work"), [Needed(_l("Enter the last day of work."))])
    end_reason = SelectField(_l("Reason"))
    is_voluntary = RadioField(
        _l("Did the employee want to leave?"),
        [InputRequired(_l("Say whether the employee wanted to leave."))],
        description=_l("Whoever did not want to leave may draw unemployment benefit."),
    )
    stop_month = MonthField(
        _l("Last month of contributions"), [Needed(_l("Enter the month."))], render_kw=_MONTH
    )

    def prepare(self, on: date, **suggested: Any) -> None:
        """Offer the reasons; suggest this month."""
        self.end_reason.choices = list(END_REASONS.items())
        self.is_voluntary.choices = [("yes", _("Yes")), ("no", _("No"))]
        super().prepare(on, **({"stop_month": month_of(on)} | suggested))


class ChangeForm(OnePersonForm):
    """Something about an employee changed; what stays empty stays as it is."""

    new_name = StringField(
        _l("New name"),
        [Optional(), Length(max=100, message=_l("A name has at most 100 characters here."))],
    )
    wage_fen = MoneyField(_l("New monthly wage, in yuan"), [Optional()], render_kw=_AMOUNT)
    start_month = MonthField(_l("From which month"), [Optional()], render_kw=_MONTH)
    mobile = StringField(
        _l("Mobile number"),
        [
            Optional(),
            Regexp(
                MOBILE, message=_l("Enter a mobile number with 11 digits, such as 13800001234.")
            ),
        ],
        render_kw={"inputmode": "tel", "maxlength": "20", "autocomplete": "off"},
    )
    retirement_category = SelectField(_l("For a woman: her post"), validate_choice=False)

    def prepare(self, on: date, **suggested: Any) -> None:
        """Offer the words; suggest next month."""
        self.retirement_category.choices = [("", _("As it is")), *CATEGORIES.items()]
        super().prepare(on, **({"start_month": add_months(month_of(on), 1)} | suggested))


class PauseForm(OnePersonForm):
    """Contributions pause while the employment goes on."""

    stop_month = MonthField(
        _l("Last month of contributions"), [Needed(_l("Enter the month."))], render_kw=_MONTH
    )
    reason = SelectField(_l("Reason"))

    def prepare(self, on: date, **suggested: Any) -> None:
        """Offer the reasons; suggest this month."""
        self.reason.choices = list(PAUSE_REASONS.items())
        super().prepare(on, **({"stop_month": month_of(on)} | suggested))


class ResumeForm(OnePersonForm):
    """Contributions go on."""

    start_month = MonthField(
        _l("First month of contributions"), [Needed(_l("Enter the month."))], render_kw=_MONTH
    )
    wage_fen = MoneyField(
        _l("Monthly wage, in yuan"), [Needed(_l("Enter the monthly wage."))], render_kw=_AMOUNT
    )

    def prepare(self, on: date, **suggested: Any) -> None:
        """Suggest next month."""
        super().prepare(on, **({"start_month": add_months(month_of(on), 1)} | suggested))


class BaseForm(OnePersonForm):
    """The wage of the year before, for the yearly base."""

    total_wage_fen = MoneyField(
        _l("All wages of that year, in yuan"),
        [Needed(_l("Enter the wages of the whole year."))],
        render_kw=_AMOUNT,
    )
    months = WholeField(
        _l("Months worked in that year"),
        [Needed(_l("Enter the months.")), NumberRange(1, 12, _l("Enter a number from 1 to 12."))],
        render_kw={"inputmode": "numeric", "maxlength": "2", "autocomplete": "off"},
    )
