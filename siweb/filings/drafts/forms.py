"""The form that names a draft."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from siweb.web.forms.fields import PageForm

LONGEST_TITLE = 60


class NameForm(PageForm):
    title = StringField(
        _l("Name of this draft"),
        [Length(max=LONGEST_TITLE, message=_l("Use at most %(max)d characters."))],
        description=_l("So that you find it again. Only your own people see it."),
        render_kw={"autocomplete": "off", "maxlength": str(LONGEST_TITLE)},
    )
