"""The forms that reopen a campaign and close it again."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.typed_fields import DayField, Needed


class ReopenForm(ScansForm):
    """Until when answers are taken again, and who decided that."""

    refused_at = MappingProxyType({"until_past": "until", "too_long": "until"})

    until = DayField(
        _l("New last day for answers"),
        [Needed(_l("Enter the date."))],
        description=_l("The day counts; from the next one on it is closed again by itself."),
    )
    because = paper_field(
        _l("Why it is reopened"), PaperKind.DECISION, PaperKind.LETTER, PaperKind.JUDGMENT
    )


class CloseForm(ScansForm):
    """What ends it before its last day."""

    because = paper_field(_l("Why it is closed"), PaperKind.DECISION, PaperKind.LETTER)
