"""The form with which staff join two registrations of one person."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from siweb.desk.corrections.forms import EvidenceForm
from siweb.web.forms.number_fields import IdNumberField


class MergingForm(EvidenceForm):
    """The other registration, and the papers that show that both are one person."""

    refused_at = MappingProxyType(
        dict.fromkeys(
            ("nobody", "other_region", "itself", "former", "dead", "open_twice", "drawn_twice"),
            "id_number",
        )
        | {"differs": "difference"}
    )

    id_number = IdNumberField(
        _l("ID number of the other registration"),
        [InputRequired(_l("Enter the ID number."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 30},
    )
    difference = StringField(
        _l("Paper on what differs"),
        [Length(max=200, message=_l("Use at most %(max)d characters."))],
        description=_l(
            "Only where name, sex or birth date differ: what paper, its number, its date."
        ),
    )
