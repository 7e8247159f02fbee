"""The forms of assessments that employers and insured people fill in."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from siweb.collection.assessments.reports.report_hire import HireClaim
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.typed_fields import DayField, Needed

AGREES, STATES = "agrees", "states"
_TOO_LONG = _l("Use at most %(max)d characters.")


class HearingForm(PageForm):
    """What the employer says about a proposal."""

    answer = RadioField(
        _l("What is your comment on the proposal?"),
        [InputRequired(_l("Say whether you agree or write what is different."))],
        choices=[
            SelectChoice(AGREES, _l("We have no objection")),
            SelectChoice(STATES, _l("We disagree")),
        ],
    )
    words = TextAreaField(
        _l("What is different?"),
        [Length(max=4000, message=_TOO_LONG)],
        description=_l(
            "For example: the person left earlier, or is insured elsewhere. No documents are "
            "needed; the agency will ask if it needs any."
        ),
        render_kw={"rows": 5},
    )

    def validate_words(self, field: Any) -> None:
        """Ask for words when something is different."""
        if self.answer.data == STATES and not field.data:
            raise ValidationError(_("Describe briefly what is different."))

    @property
    def statement(self) -> str:
        """Return what is kept: the words, or none."""
        return self.words.data or "" if self.answer.data == STATES else ""


class ReportForm(PageForm):
    """A person reports an employer that did not register them."""

    employer = StringField(
        _l("Name or social credit code of the employer"),
        [
            InputRequired(_l("Enter which employer it is.")),
            Length(max=200, message=_TOO_LONG),
        ],
        description=_l("As on your contract or payslip."),
    )
    hired_on = DayField(
        _l("First day at work"),
        [Needed(_l("Enter the date on which you began to work there."))],
    )
    ended_on = DayField(_l("Last day at work, if you left"), [Optional()])
    wage = MoneyField(
        _l("Monthly wage in yuan, if you know it"),
        [Optional()],
        render_kw={"inputmode": "decimal"},
    )
    words = TextAreaField(
        _l("What else should the agency know?"),
        [Length(max=1000, message=_TOO_LONG)],
        description=_l("You need no proof to report it."),
        render_kw={"rows": 4},
    )

    def validate_ended_on(self, field: Any) -> None:
        """Refuse a last day before the first."""
        first = self.hired_on.data
        if field.data is not None and first is not None and field.data < first:
            raise ValidationError(_("The last day of work is before the first."))

    def claim(self) -> HireClaim:
        """Return what was said."""
        return HireClaim(
            self.employer.data or "",
            self.hired_on.data,
            self.ended_on.data,
            self.wage.data,
            self.words.data or "",
        )
