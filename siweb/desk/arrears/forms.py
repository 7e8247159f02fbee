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
        _l("Day on which the payer received the notice"), [Needed(_l("Enter the day."))]
    )


def _legal_basis() -> StringField:
    return StringField(
        _l("Legal basis"),
        [
            InputRequired(_l("Name the law that allows it: premiums wait only where one says so.")),
            Length(max=200, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("Law, notice and its number."),
    )


class DeferForm(PageForm):
    """Until when arrears wait, and by which law."""

    from_on = DayField(
        _l("Deferred from"),
        [Optional()],
        description=_l("As the approval says; today if it says nothing."),
    )
    until = DayField(
        _l("Deferred until"),
        [Needed(_l("Enter the day."))],
        description=_l("The last day without late fee; the day after it is added again."),
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
        _l("Day of the first instalment"),
        [Needed(_l("Enter the day."))],
        description=_l("The others follow on the same day of each month."),
    )
    legal_basis = _legal_basis()
