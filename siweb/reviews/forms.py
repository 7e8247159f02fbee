"""The forms of reviews that are not steps."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from siweb.web.forms.fields import PageForm
from siweb.web.forms.number_fields import IdNumberField
from siweb.web.forms.typed_fields import Needed


class ButtonForm(PageForm):
    """A form that is only a button."""


class HelpForm(PageForm):
    """Whom a relative helps."""

    id_number = IdNumberField(
        _l("The recipient's ID number"),
        [Needed(_l("Enter the recipient's ID number."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "40"},
    )
    name = StringField(
        _l("The recipient's name"),
        [
            Needed(_l("Enter the recipient's name as on the ID card.")),
            Length(max=100, message=_l("A name has at most 100 characters here.")),
        ],
        render_kw={"autocomplete": "off"},
    )
