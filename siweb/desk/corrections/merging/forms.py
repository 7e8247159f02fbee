"""The form with which staff join two registrations of one person."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.number_fields import IdNumberField

_ON_PEOPLE = (
    PaperKind.POLICE_NOTICE,
    PaperKind.HOUSEHOLD_REGISTER,
    PaperKind.PERSONNEL_FILE,
    PaperKind.NOTARIAL_PAPER,
)


class MergingForm(ScansForm):
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
    difference = paper_field(
        _l("Paper on what differs"),
        *_ON_PEOPLE,
        only_where=_l("Only where name, sex or birth date differ."),
    )
    paper = paper_field(_l("Paper that it rests on"), *_ON_PEOPLE)
