"""The field for the paper that an action rests on, which its checker compares."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length


def paper_field(label: Any) -> StringField:
    """Return the field for the paper that an action rests on: what it is, its number and day."""
    return StringField(
        label,
        [
            InputRequired(_l("Enter the paper that it rests on.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("What paper it is, its number and its date."),
    )
