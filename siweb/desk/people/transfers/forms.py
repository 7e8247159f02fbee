"""The forms with which staff take the steps of a transfer."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.transfers.move import Certified
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.typed_fields import MonthField, Needed, WholeField


class StepForm(PageForm):
    """The paper of a step, and its day."""

    # The day of a step is that of its paper: what was written then counts from then.
    refused_at = MappingProxyType({"day_to_come": "paper", "day_before": "paper"})

    paper = paper_field(
        _l("Letter, form or confirmation"),
        PaperKind.LETTER,
        PaperKind.ACCEPTANCE,
        PaperKind.INFORMATION_FORM,
    )


class SendFundForm(ScansForm):
    """What the money that leaves rests on; the books say how much it is."""

    papers = paper_field(
        _l("Letter and form that it rests on"),
        PaperKind.LETTER,
        PaperKind.ACCEPTANCE,
        PaperKind.INFORMATION_FORM,
    )

    def certified(self) -> Certified | None:
        """Return nothing: the books say it."""
        return None


class BringFundForm(ScansForm):
    """What the other region certifies, and what came."""

    refused_at = MappingProxyType(
        {
            "month_order": "through_month",
            "month_to_come": "through_month",
            "overlaps": "through_month",
            "too_many_months": "months",
            "empty": "amount",
        }
    )

    from_month = MonthField(_l("First month"), [Needed(_l("Enter the first month."))])
    through_month = MonthField(_l("Last month"), [Needed(_l("Enter the last month."))])
    months = WholeField(
        _l("Months of contributions"),
        [
            Needed(_l("Enter the number of months.")),
            NumberRange(1, 900, message=_l("Enter a number from 1 to 900.")),
        ],
    )
    amount = MoneyField(
        _l("Amount of the account, in yuan"),
        [InputRequired(_l("Enter the amount transferred."))],
        render_kw={"inputmode": "decimal"},
    )
    papers = paper_field(
        _l("Information form, and the entry of the money"),
        PaperKind.INFORMATION_FORM,
        PaperKind.BANK_SLIP,
    )

    def certified(self) -> Certified | None:
        """Return what was typed."""
        return Certified(
            self.from_month.data,
            self.through_month.data,
            self.months.data or 0,
            self.amount.data,
        )


class RefusalForm(PageForm):
    """Why a transfer is refused, for the applicant to read."""

    reasons = TextAreaField(
        _l("Reasons for the refusal"),
        [
            InputRequired(_l("Enter the facts, the reasons and the legal basis.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("Facts, reasons and legal basis. The remedies are added by themselves."),
        render_kw={"rows": 4},
    )
