"""The forms of mandates."""

from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from siweb.auth.tables.mandate import MandateKind
from siweb.filings.employers.mandates.labels import KIND_HINTS, KINDS
from siweb.web.forms.fields import PageForm
from siweb.web.forms.number_fields import IdNumberField
from siweb.web.forms.typed_fields import DayField

# Whoever is to act longer acts until the employer ends it: a later day is a year that was mistyped.
_LONGEST = timedelta(days=3_653)


class ButtonForm(PageForm):
    """A form that is only a button."""


class GrantForm(PageForm):
    """Who may act for the employer, how far and until when."""

    refused_at = MappingProxyType({"staff": "id_number"})

    id_number = IdNumberField(
        _l("The person's citizen ID number"),
        [InputRequired(_l("Enter the person's ID number."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "40"},
    )
    name = StringField(
        _l("The person's name"),
        [
            InputRequired(_l("Enter the name as on the ID card.")),
            Length(max=100, message=_l("A name has at most 100 characters here.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    kind = RadioField(
        _l("What may this person do?"),
        [InputRequired(_l("Choose what this person may do."))],
        choices=[],
    )
    until_on = DayField(
        _l("Last day (if it is limited)"),
        [Optional()],
        description=_l("Without a date it is valid until you end it."),
    )

    def prepare(self, on: date) -> None:
        """Name the kinds in words."""
        self.on = on
        self.kind.choices = [
            (kind.value, f"{KINDS[kind]} · {KIND_HINTS[kind]}") for kind in MandateKind
        ]

    def validate_until_on(self, field: Any) -> None:
        """Refuse a day that is over, or further away than anybody plans."""
        if field.data is not None and field.data < self.on:
            raise ValidationError(_("This date has passed. Enter today or a later date."))
        if field.data is not None and field.data - self.on > _LONGEST:
            raise ValidationError(
                _("This date is more than ten years away. Leave it empty where there is no limit.")
            )
