"""The forms of helping: to give a code, and to use one."""

from datetime import date, timedelta
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.auth.helping.codes import DIGITS
from siweb.auth.tables.help_mandate import HelpKind
from siweb.helping.labels import KINDS
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, Needed

# Half a year: long enough for a review, short enough to be thought of again.
USUAL = timedelta(days=182)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def kinds_field() -> SelectMultipleField:
    """Return the field for what a helper may do."""
    return SelectMultipleField(
        _l("What the helper may do"),
        [InputRequired(_l("Choose at least one."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
    )


class GiveForm(PageForm):
    """Who may do what for me, and until when."""

    refused_at: ClassVar = {"day_before": "until_on", "too_long": "until_on"}

    helper_name = StringField(
        _l("The helper's name"),
        [
            InputRequired(_l("Enter the name as on the ID card.")),
            Length(max=100, message=_l("A name has at most 100 characters here.")),
        ],
        description=_l("Nobody of another name can use the code."),
        render_kw={"autocomplete": "off"},
    )
    kinds = kinds_field()
    until_on = DayField(
        _l("Last day"),
        [Needed(_l("Enter the last day."))],
        description=_l("One year at most. You can end it earlier at any time."),
    )

    @classmethod
    def of(cls, on: date) -> "GiveForm":
        """Return the form as it is first shown, or as it was sent."""
        return cls(until_on=on + USUAL)

    def chosen(self) -> frozenset[HelpKind]:
        """Return what was ticked."""
        return frozenset(map(HelpKind, self.kinds.data or ()))


class UseForm(PageForm):
    """A code that somebody was given."""

    refused_at: ClassVar = {"does_not_fit": "code"}

    code = StringField(
        _l("The helper's code"),
        [InputRequired(_l("Enter the code that you were given."))],
        description=_l("It has 8 digits."),
    )

    def validate_code(self, field: Any) -> None:
        """Say what cannot be a code before anything is counted as a try."""
        self.digits = "".join((field.data or "").translate(_FULL_WIDTH).replace("-", "").split())
        # `isdigit` alone takes digits of any script, which no code has.
        if len(self.digits) != DIGITS or not self.digits.isascii() or not self.digits.isdigit():
            raise ValidationError(_("A code has 8 digits. Compare it again."))


class ButtonForm(PageForm):
    """A form that is only a button."""
