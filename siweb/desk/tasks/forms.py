"""The forms of a check."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from siweb.web.forms.fields import PageForm


class RefusalForm(PageForm):
    """Why a task is refused, for its maker to read."""

    answer = TextAreaField(
        _l("Why it is refused"),
        [
            InputRequired(_l("Enter why it is refused.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
        render_kw={"rows": 3},
    )
