"""The form that asks what a bill comes to on another day."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from siweb import clock
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, Needed

_MOST_YEARS = 5


class PayDayForm(PageForm):
    """The day on which somebody means to pay."""

    class Meta(PageForm.Meta):
        csrf = False  # it only shows a figure

    on = DayField(
        _l("If you pay on another day"),
        [Needed(_l("Enter the date on which you would pay."))],
        description=_l("What counts is the date on which the money arrives."),
    )

    def validate_on(self, field: Any) -> None:
        """Refuse days past, and those so far ahead that nobody knows the rules."""
        today = clock.today()
        # 366: with 365 the last day of five years with a leap day would be refused.
        if field.data is not None and not 0 <= (field.data - today).days <= _MOST_YEARS * 366:
            raise ValidationError(_("Enter today or a later date, at most five years ahead."))
