"""The forms of filings that are not about one person."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from siweb.web.forms.fields import PageForm


class ObjectForm(PageForm):
    """What is wrong with a declaration, in the person's words."""

    words = TextAreaField(
        _l("What is wrong?"),
        [
            InputRequired(_l("Describe briefly what is wrong.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
        render_kw={"rows": 3},
    )
