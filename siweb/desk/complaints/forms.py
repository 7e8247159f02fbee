"""The forms with which staff answer complaints."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError

from siweb.complaints.labels import OUTCOMES
from siweb.complaints.tables.complaint import Outcome
from siweb.web.forms.fields import PageForm

_TOO_LONG = _l("Use at most %(max)d characters.")


class AnswerForm(PageForm):
    """What the sender reads; what can be done against it is added to it."""

    outcome = RadioField(
        _l("Outcome"),
        [InputRequired(_l("Choose the outcome."))],
        choices=[SelectChoice(outcome.value, name) for outcome, name in OUTCOMES.items()],
    )
    handed_on_to = StringField(
        _l("Handed on to"),
        [Length(max=200, message=_TOO_LONG)],
        description=_l("Only if it is another body's duty: its name, address and telephone."),
    )
    words = TextAreaField(
        _l("Answer in writing"),
        [
            InputRequired(_l("Enter what was found, the reasons, and what happens next.")),
            Length(max=2000, message=_TOO_LONG),
        ],
        description=_l("Facts, reasons and legal basis. The remedies are added by themselves."),
        render_kw={"rows": 8},
    )

    def validate_handed_on_to(self, field: Any) -> None:
        """Ask to whom it was handed on, and only then."""
        is_handed_on = self.outcome.data == Outcome.HANDED_ON
        if is_handed_on and not field.data:
            raise ValidationError(_("Enter to whom it was handed on."))
        if not is_handed_on and field.data:
            raise ValidationError(_("Leave this empty, or choose that it is handed on."))
