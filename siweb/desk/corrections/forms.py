"""The forms with which staff correct a record."""

from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.collection.corrections.labels import KINDS
from siweb.collection.tables.record_correction import CorrectionKind
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import MoneyField
from siweb.web.forms.number_fields import UsccField
from siweb.web.forms.typed_fields import DayField, MonthField, Needed
from siweb.web.language.labels import INSURANCES

_TOO_LONG = _l("Use at most %(max)d characters.")
PAYER, OFFICE = "payer", "office"


class RecordForm(ScansForm):
    """Which months are wrong, what is right, and by whose mistake."""

    refused_at = MappingProxyType(
        {
            "not_begun": "last_month",
            "month_order": "last_month",
            "too_long": "first_month",
            "due_before": "due_on",
            "after_death": "last_month",
            "same_payer": "to_employer",
            "not_there": "employer",
            "insured_elsewhere": "insurances",
        }
    )

    kind = RadioField(
        _l("What is to be corrected?"),
        [InputRequired(_l("Choose what is wrong."))],
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
    )
    region = SelectField(_l("Region"))
    first_month = MonthField(_l("First month"), [Needed(_l("Enter the first month."))])
    last_month = MonthField(
        _l("Last month"),
        [Needed(_l("Enter the last month."))],
        description=_l("If it is the present month, what is right goes on."),
    )
    insurances = SelectMultipleField(
        _l("Which insurances"),
        choices=[SelectChoice(code, name) for code, name in INSURANCES.items()],
        description=_l("A base holds for all of them."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    employer = UsccField(
        _l("Social credit code of the employer"),
        [Optional()],
        description=_l(
            "As it is registered now, or of the missing months. Empty: the person pays alone."
        ),
    )
    to_employer = UsccField(
        _l("Social credit code of the right employer"),
        [Optional()],
        description=_l("Only if the employer is wrong."),
    )
    base = MoneyField(
        _l("Right monthly base, in yuan"),
        [Optional()],
        description=_l("Needed for a wrong base, and where none was declared for the months."),
        render_kw={"inputmode": "decimal"},
    )
    fault = RadioField(
        _l("Whose mistake was it?"),
        [InputRequired(_l("Choose whose mistake it was."))],
        choices=[
            SelectChoice(PAYER, _l("The payer's: late fees from each month's own due day")),
            SelectChoice(OFFICE, _l("The office's: no late fees until the last day to pay")),
        ],
    )
    due_on = DayField(_l("Last day to pay"), [Needed(_l("Enter the last day to pay."))])
    paper = paper_field(
        _l("Paper that it rests on"),
        PaperKind.PAYSLIP,
        PaperKind.LABOUR_CONTRACT,
        PaperKind.EMPLOYER_FILING,
        PaperKind.JUDGMENT,
        PaperKind.AWARD,
        PaperKind.PERSONNEL_FILE,
        PaperKind.DECISION,
    )
    words = TextAreaField(
        _l("What is set right (the person reads it)"),
        [
            Needed(_l("Write what is set right: the person reads it.")),
            Length(max=500, message=_TOO_LONG),
        ],
        render_kw={"rows": 3},
    )

    def validate_insurances(self, field: Any) -> None:
        """Ask for insurances where some are put in, moved or taken out."""
        if self.kind.data and self.kind.data != CorrectionKind.BASE and not field.data:
            raise ValidationError(_("Choose the insurances."))

    def validate_kind(self, field: Any) -> None:
        """Ask for what a kind of correction needs besides; said beside the field it is of."""
        if field.data == CorrectionKind.EMPLOYER and not self.to_employer.data:
            raise ValidationError(_("Enter the right employer."))
        if field.data == CorrectionKind.BASE and self.base.data is None:
            raise ValidationError(_("Enter the right base."))
