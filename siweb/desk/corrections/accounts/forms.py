"""The form with which staff set a brought-in amount right."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, NumberRange

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import MoneyField
from siweb.web.forms.typed_fields import Needed


class AccountForm(ScansForm):
    """Which entry is wrong, what is right, and what shows it."""

    refused_at = MappingProxyType(
        {
            "entry_gone": "entry",
            "entry_differs": "entry",
            "entry_same": "right",
            "below_zero": "right",
        }
    )

    entry = SelectField(_l("What was brought in"), [InputRequired(_l("Choose the entry."))])
    right = MoneyField(
        _l("The right amount, in yuan"),
        [
            Needed(_l("Enter the amount.")),
            NumberRange(0, message=_l("Enter an amount of zero or more.")),
        ],
        description=_l("0 where nothing of it is this person’s."),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    because = paper_field(
        _l("What shows it"),
        PaperKind.LETTER,
        PaperKind.INFORMATION_FORM,
        PaperKind.DECISION,
        PaperKind.PERSONNEL_FILE,
    )
