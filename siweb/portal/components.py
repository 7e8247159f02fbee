"""Every component in all its states, for whoever changes the look: on a demonstration alone."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from siweb.web.forms.fields import PageForm

TONES = ("", "good", "warn", "bad")
_CITIES = [SelectChoice("310000", _l("Shanghai")), SelectChoice("330100", _l("Hangzhou"))]
_ANSWERS = [SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))]


class SampleForm(PageForm):
    """One field of every kind."""

    name = StringField(
        _l("Name"), description=_l("Social insurance in plain words, with the article of law")
    )
    city = SelectField(_l("City"), choices=_CITIES)
    answer = RadioField(_l("State"), choices=_ANSWERS, default="yes")
    words = TextAreaField(_l("Reason"))
    agrees = BooleanField(_l("Yes"))


def sample_forms() -> tuple[SampleForm, SampleForm]:
    """Return the form as it is first shown, and as it comes back with what is wrong."""
    first, refused = SampleForm(formdata=None), SampleForm(formdata=None, prefix="refused-")
    for field in refused:
        if field.type != "CSRFTokenField":
            field.errors = [_l("Enter the reason.")]
    return first, refused
