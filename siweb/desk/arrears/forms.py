"""The forms with which staff handle arrears."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from siweb.web.fields import PageForm
from siweb.web.typed_fields import DayField, Needed


class NoticeForm(PageForm):
    """When the payer received the notice."""

    received_on = DayField(
        _l("Day on which the payer received the notice"), [Needed(_l("Enter the day."))]
    )


class DeferForm(PageForm):
    """Until when arrears wait, and by which law."""

    until = DayField(_l("Deferred until"), [Needed(_l("Enter the day."))])
    legal_basis = StringField(
        _l("Legal basis"),
        [
            InputRequired(_l("Name the law that allows it: premiums wait only where one says so.")),
            Length(max=200, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("Law, notice and its number."),
    )
