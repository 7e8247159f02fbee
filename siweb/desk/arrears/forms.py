"""The forms with which staff handle arrears."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from siweb.collection.arrears.instalments import MOST
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, Needed, WholeField


class NoticeForm(PageForm):
    """When the payer received the notice."""

    received_on = DayField(
        _l("Date on which the payer received the notice"), [Needed(_l("Enter the date."))]
    )


def _legal_basis() -> StringField:
    return StringField(
        _l("Legal basis"),
        [
            InputRequired(
                _l(
                    "Enter the law that allows it: premiums can be deferred only "
                    "where a law says so."
                )
            ),
            Length(max=200, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("Law, notice and its number."),
    )


class DeferForm(PageForm):
    """Until when arrears wait, and by which law."""

    from_on = DayField(
        _l("Deferred from"),
        [Optional()],
        description=_l("As in the approval; today if it names no date."),
    )
    until = DayField(
        _l("Deferred until"),
        [Needed(_l("Enter the date."))],
        description=_l("The last day without a late fee; it accrues again from the next day."),
    )
    legal_basis = _legal_basis()


class PlanForm(PageForm):
    """In how many monthly parts arrears are paid, and by which law."""

    count = WholeField(
        _l("Number of instalments"),
        [
            Needed(_l("Enter the number of instalments.")),
            NumberRange(2, MOST, message=_l("Enter a number from 2 to 24.")),
        ],
    )
    first_on = DayField(
        _l("Date of the first instalment"),
        [Needed(_l("Enter the date."))],
        description=_l("The others are due on the same day of each following month."),
    )
    legal_basis = _legal_basis()
