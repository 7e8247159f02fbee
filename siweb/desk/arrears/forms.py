"""The forms with which staff handle arrears."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.collection.arrears.instalments import MOST
from siweb.collection.arrears.notify import Approval
from siweb.collection.tables.arrears import DeferredShare
from siweb.desk.arrears.labels import SHARES
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.registry.codes import Insurance
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, Needed, WholeField
from siweb.web.language.labels import INSURANCES

_TOO_LONG = _l("Use at most %(max)d characters.")


class NoticeForm(PageForm):
    """When the payer received the notice."""

    refused_at = MappingProxyType({"before_found": "received_on"})

    received_on = DayField(
        _l("Date on which the payer received the notice"), [Needed(_l("Enter the date."))]
    )


class ApprovalForm(ScansForm):
    """The decision that lets arrears wait, as the paper says it."""

    refused_at = MappingProxyType(
        {"no_legal_basis": "legal_basis", "no_deciding_body": "decided_by"}
    )

    legal_basis = StringField(
        _l("Legal basis"),
        [
            InputRequired(
                _l(
                    "Enter the law that allows it: premiums can be deferred only "
                    "where a law says so."
                )
            ),
            Length(max=200, message=_TOO_LONG),
        ],
        description=_l("Law, notice and its number."),
    )
    decided_by = StringField(
        _l("Deciding body"),
        [InputRequired(_l("Enter the deciding body.")), Length(max=120, message=_TOO_LONG)],
        description=_l(
            "For force majeure the province’s administration; for an agreement the collecting body."
        ),
    )
    paper = paper_field(
        _l("Decision or agreement"), PaperKind.DECISION, PaperKind.AGREEMENT, PaperKind.JUDGMENT
    )
    security = StringField(
        _l("Security"),
        [Length(max=200, message=_TOO_LONG)],
        description=_l("What secures the payment, if anything (Article 63)."),
    )

    def approval(
        self,
        share: DeferredShare = DeferredShare.WHOLE,
        insurances: tuple[Insurance, ...] = (),
    ) -> Approval:
        """Return what was typed."""
        return Approval(
            legal_basis=self.legal_basis.data or "",
            decided_by=self.decided_by.data or "",
            number=self.paper.data.number,
            decided_on=self.paper.data.issued_on,
            share=share,
            insurances=insurances,
            security=self.security.data or "",
        )


class DeferForm(ApprovalForm):
    """From when until when arrears wait, and what of them."""

    refused_at = MappingProxyType(
        {
            **ApprovalForm.refused_at,
            "from_ahead": "from_on",
            "too_long": "until",
            "until_past": "until",
            "day_order": "until",
        }
    )

    from_on = DayField(
        _l("Deferred from"),
        [Optional()],
        description=_l("As in the approval; today if it names no date."),
    )
    until = DayField(
        _l("Deferred until"),
        [Needed(_l("Enter the date."))],
        description=_l("The last day without a late fee; it accrues again from the next day."),
    )
    share = RadioField(
        _l("What is deferred"),
        choices=[SelectChoice(share.value, label) for share, label in SHARES.items()],
        default=DeferredShare.WHOLE.value,
    )
    insurances = SelectMultipleField(
        _l("Only these insurances"),
        description=_l("Tick none to defer all of them."),
        choices=[SelectChoice(insurance.value, INSURANCES[insurance]) for insurance in Insurance],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class PlanForm(ApprovalForm):
    """In how many monthly parts arrears are paid, and by which law."""

    refused_at = MappingProxyType(
        {**ApprovalForm.refused_at, "too_many": "count", "too_late": "first_on"}
    )

    count = WholeField(
        _l("Number of instalments"),
        [
            Needed(_l("Enter the number of instalments.")),
            NumberRange(2, MOST, message=_l("Enter a number from 2 to 24.")),
        ],
    )
    first_on = DayField(
        _l("Date of the first instalment"),
        [Needed(_l("Enter the date."))],
        description=_l("The others are due on the same day of each following month."),
    )
