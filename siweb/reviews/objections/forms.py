"""What an employer is asked about an objection."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError

from siweb.web.forms.fields import PageForm

AGREES, DISAGREES = "agrees", "disagrees"


class AnswerForm(PageForm):
    """Right or not, and if not, what is right."""

    answer = RadioField(
        _l("Is the employee right?"),
        [InputRequired(_l("Choose whether the employee is right."))],
        choices=[
            SelectChoice(AGREES, _l("Yes, our declaration has to be corrected")),
            SelectChoice(DISAGREES, _l("No, what we declared is right")),
        ],
    )
    words = TextAreaField(
        _l("What does your record say?"),
        [Length(max=500, message=_l("Use at most %(max)d characters."))],
        description=_l("The employee and the agency read this."),
        render_kw={"rows": 3},
    )

    def validate_words(self, field: Any) -> None:
        """Ask for the reason of a no."""
        if self.answer.data == DISAGREES and not (field.data or "").strip():
            raise ValidationError(_("Enter what your record says."))
