"""The forms with which staff handle reports of unregistered hires."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from siweb.web.forms.fields import PageForm

_TOO_LONG = _l("Use at most %(max)d characters.")


class AnswerForm(PageForm):
    """What the sender of a report reads when no case comes of it."""

    answer = TextAreaField(
        _l("Answer to whoever reported it"),
        [
            InputRequired(_l("Enter why no case is opened.")),
            Length(max=500, message=_TOO_LONG),
        ],
        render_kw={"rows": 3},
    )


class ListForm(PageForm):
    """A list to compare with the register."""

    file = FileField(
        _l("List as CSV"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "With the columns uscc, id_number, name, hired_on (2026-03-05), and where known "
            "ended_on and wage; Chinese headings work too."
        ),
    )
