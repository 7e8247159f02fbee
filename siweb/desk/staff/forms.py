"""The forms of appointments."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import PageForm
from siweb.web.forms.number_fields import IdNumberField

_TOO_LONG = _l("Use at most %(max)d characters.")


class AppointForm(ScansForm):
    """Whom to give which function, and on what paper it rests."""

    refused_at = MappingProxyType({"area_is_read": "function"})

    id_number = IdNumberField(
        _l("Citizen ID number"),
        [InputRequired(_l("Enter the ID number."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 30},
    )
    function = SelectField(_l("Function"))
    agency = SelectField(
        _l("For which agency"),
        description=_l(
            "A supervisor audits a whole province: sees all its regions, changes nothing."
        ),
    )
    because = paper_field(
        _l("What the decision rests on"), PaperKind.APPOINTMENT, PaperKind.DECISION
    )


class ResetFactorForm(PageForm):
    """How it is known that whoever asks for it is the owner."""

    because = StringField(
        _l("Who asked for it, and how you made sure of the person"),
        [
            InputRequired(_l("Enter how you made sure of the person.")),
            Length(max=500, message=_TOO_LONG),
        ],
    )


class SetUpCodeForm(PageForm):
    """A form that is only a button: it makes a code, shown on the page that follows."""


class EndForm(PageForm):
    """Why an appointment ends."""

    because = StringField(
        _l("Why it ends"),
        [InputRequired(_l("Enter why it ends.")), Length(max=500, message=_TOO_LONG)],
    )
