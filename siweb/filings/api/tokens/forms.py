"""The form of a new token."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, Needed

# A year, a leap year too. A token outlives whoever made it: somebody has to ask for it again.
LONGEST = timedelta(days=366)
SCOPES = {
    "read": _l("Read: filings, findings and the roster"),
    "file": _l("File: open filings and have them checked"),
    "confirm": _l("Send: have filings applied"),
}


class TokenForm(PageForm):
    """What a program is called, what it may, and until when."""

    on: date
    name = StringField(
        _l("Name of the program"),
        [
            InputRequired(_l("Name the program, such as “Payroll”.")),
            Length(max=80, message=_l("Use at most %(max)d characters.")),
        ],
    )
    scopes = SelectMultipleField(
        _l("What it may do"),
        [InputRequired(_l("Choose at least one."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        choices=[SelectChoice(value, words) for value, words in SCOPES.items()],
    )
    expires_on = DayField(
        _l("Valid until"),
        [Needed(_l("Enter the last day."))],
        description=_l("One year at most."),
    )

    def validate_expires_on(self, field: DayField) -> None:
        """Refuse days gone by, and more than a year."""
        if field.data is not None and not self.on <= field.data <= self.on + LONGEST:
            raise ValidationError(_("Choose a date within the next year."))
