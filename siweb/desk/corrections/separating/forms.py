"""The form with which staff separate two registrations."""

from flask_babel import lazy_gettext as _l

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind


class SeparatingForm(ScansForm):
    """What shows that they are two people."""

    paper = paper_field(
        _l("Paper that it rests on"),
        PaperKind.POLICE_NOTICE,
        PaperKind.HOUSEHOLD_REGISTER,
        PaperKind.PERSONNEL_FILE,
        PaperKind.JUDGMENT,
        PaperKind.DECISION,
    )
