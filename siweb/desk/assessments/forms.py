"""The forms with which staff propose, decide and look for assessments."""

from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from siweb.collection.assessments.labels import BASE_RULES
from siweb.collection.assessments.propose import LONGEST_MONTHS, Basis
from siweb.collection.tables.assessment import BaseRule
from siweb.rules.calendar.months import months_between
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.typed_fields import MonthField, Needed, WholeField

_TOO_LONG = _l("Use at most %(max)d characters.")
# More than any employer of a city has: a slip of the finger is asked about, not billed.
_MOST_PEOPLE = 100_000


class BasisForm(PageForm):
    """By what an amount is worked out."""

    from_month = MonthField(_l("First month"), [Needed(_l("Enter the first month."))])
    to_month = MonthField(_l("Last month"), [Needed(_l("Enter the last month."))])
    base_rule = RadioField(
        _l("Basis of the base"),
        [InputRequired(_l("Choose the basis of the base."))],
        choices=[SelectChoice(rule.value, words) for rule, words in BASE_RULES.items()],
    )
    wage = MoneyField(
        _l("Monthly wage in yuan"),
        [Optional()],
        description=_l("Only where the wage is shown by contract, payslip or tax list."),
        render_kw={"inputmode": "decimal"},
    )
    words = TextAreaField(
        _l("Facts and reasons"),
        [
            InputRequired(_l("Write down the facts; the employer reads them.")),
            Length(max=2000, message=_TOO_LONG),
        ],
        render_kw={"rows": 4},
    )

    def validate_to_month(self, field: Any) -> None:
        """Refuse months in the wrong order, and more than anybody works."""
        first = self.from_month.data
        if first is None or field.data is None:
            return
        if not 0 <= months_between(first, field.data) < LONGEST_MONTHS:
            raise ValidationError(_("The last month is before the first, or too long after it."))

    def basis(self, headcount: int = 1) -> Basis:
        """Return what was said."""
        return Basis(
            self.from_month.data,
            self.to_month.data,
            BaseRule(self.base_rule.data),
            self.wage.data,
            headcount,
            self.words.data or "",
        )


class HeadcountForm(BasisForm):
    """What a person goes by where there is no last month: heads and a base."""

    headcount = WholeField(
        _l("How many people work there"),
        [
            Needed(_l("Enter how many people work there.")),
            NumberRange(1, _MOST_PEOPLE, message=_l("Enter a number from 1 to 100,000.")),
        ],
    )


class DecisionForm(PageForm):
    """The words of a decision."""

    words = TextAreaField(
        _l("Reasons, as the employer reads them"),
        [Length(max=2000, message=_TOO_LONG)],
        render_kw={"rows": 3},
    )


class ComparisonForm(PageForm):
    """Which region and month are looked at for missing declarations."""

    refused_at = MappingProxyType({"parameter_missing": "month"})

    region = SelectField(_l("Region"))
    month = MonthField(_l("Month"), [Needed(_l("Enter a month."))])
