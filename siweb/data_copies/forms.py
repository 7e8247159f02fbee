"""The form with which a copy is made at the desk, for somebody who asked for it in writing."""

from flask_babel import lazy_gettext as _l

from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import PageForm


class CopyForm(PageForm):
    """The paper with which the person, or who may act for them, asked."""

    # A guardian asks with the judgment, heirs with the notarial paper (PIPL 49).
    asked_by = paper_field(
        _l("Written request"),
        PaperKind.LETTER,
        PaperKind.AUTHORISATION,
        PaperKind.JUDGMENT,
        PaperKind.NOTARIAL_PAPER,
    )
