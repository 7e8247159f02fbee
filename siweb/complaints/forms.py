"""The form of a complaint, as the person fills it in."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from siweb.complaints.labels import KINDS
from siweb.complaints.lodge import ComplaintFacts
from siweb.complaints.tables.complaint import ComplaintKind
from siweb.evidence.field import ScansForm
from siweb.web.forms.typed_fields import MonthField, Needed

_TOO_LONG = _l("Use at most %(max)d characters.")


class ComplaintForm(ScansForm):
    kind = RadioField(
        _l("What is it about?"),
        [InputRequired(_l("Choose what it is about."))],
        choices=[SelectChoice(kind.value, name) for kind, name in KINDS.items()],
    )
    employer = StringField(
        _l("Name or social credit code of the employer"),
        [Length(max=200, message=_TOO_LONG)],
        description=_l("As on your contract or payslip."),
    )
    about_decision = StringField(
        _l("Number of the decision, if you disagree with one"),
        [Length(max=60, message=_TOO_LONG)],
    )
    from_month = MonthField(
        _l("First month it is about"),
        [Needed(_l("Enter the first month it is about."))],
        description=_l("Such as 2026-03."),
    )
    to_month = MonthField(_l("Last month, if it is over"), [Optional()])
    words = TextAreaField(
        _l("What is wrong?"),
        [
            InputRequired(_l("Describe briefly what is wrong.")),
            Length(max=2000, message=_TOO_LONG),
        ],
        render_kw={"rows": 6},
    )
    evidence = TextAreaField(
        _l("What can you show for it?"),
        [Length(max=1000, message=_TOO_LONG)],
        description=_l(
            "Contract, payslips, bank statements, chats: say what you have. The agency asks for "
            "copies if it needs them."
        ),
        render_kw={"rows": 3},
    )

    def validate_employer(self, field: Any) -> None:
        """Ask for the employer where the complaint is about one."""
        is_about_one = self.kind.data in {ComplaintKind.NOT_REGISTERED, ComplaintKind.TOO_LITTLE}
        if is_about_one and not field.data:
            raise ValidationError(_("Enter which employer it is."))

    def validate_to_month(self, field: Any) -> None:
        """Refuse a last month before the first."""
        first = self.from_month.data
        if field.data and first and field.data < first:
            raise ValidationError(_("The last month is before the first."))

    def facts(self) -> ComplaintFacts:
        """Return what was typed."""
        return ComplaintFacts(
            ComplaintKind(self.kind.data),
            self.employer.data or "",
            self.from_month.data,
            self.to_month.data or None,
            self.words.data or "",
            self.evidence.data or "",
            self.about_decision.data or "",
        )
