"""The forms with which staff write arrears off, and reinstate them."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.collection.arrears.write_off import Grounds
from siweb.collection.tables.arrears import WriteOffCause
from siweb.desk.arrears.labels import CAUSES
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind

_TOO_LONG = _l("Use at most %(max)d characters.")


class WriteOffForm(ScansForm):
    """Why nobody can be asked any more, what proves it, and who approved it."""

    refused_at = MappingProxyType(
        {"no_legal_basis": "legal_basis", "no_deciding_body": "decided_by"}
    )

    cause = RadioField(
        _l("Why it cannot be collected"),
        [InputRequired(_l("Choose why it cannot be collected."))],
        choices=[SelectChoice(cause.value, label) for cause, label in CAUSES.items()],
    )
    # A court's ruling that ends the proceedings, or the register's letter: no word of the payer.
    paper = paper_field(
        _l("Court ruling or deregistration paper"), PaperKind.JUDGMENT, PaperKind.LETTER
    )
    legal_basis = StringField(
        _l("Legal basis"),
        [
            InputRequired(_l("Enter the law or notice that allows it.")),
            Length(max=200, message=_TOO_LONG),
        ],
        description=_l("Law, notice and its number."),
    )
    decided_by = StringField(
        _l("Approved by"),
        [
            InputRequired(_l("Enter who approved it.")),
            Length(max=120, message=_TOO_LONG),
        ],
        description=_l("The authority that approves write-offs, not the agency itself."),
    )
    approval = paper_field(_l("Approval"), PaperKind.DECISION)

    def grounds(self) -> Grounds:
        """Return what was typed."""
        return Grounds(
            WriteOffCause(self.cause.data), self.legal_basis.data or "", self.decided_by.data or ""
        )


class ReinstateForm(ScansForm):
    """What shows that it can be collected after all."""

    paper = paper_field(
        _l("What shows that it can be collected"),
        PaperKind.BANK_SLIP,
        PaperKind.JUDGMENT,
        PaperKind.LETTER,
        PaperKind.DECISION,
    )
