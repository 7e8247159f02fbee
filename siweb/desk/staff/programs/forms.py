"""The form of a token for another office's program."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.auth.office_tokens import OfficeGrant
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.filings.api.tokens.forms import LONGEST
from siweb.signs.labels import KINDS
from siweb.web.forms.typed_fields import DayField, Needed

_TOO_LONG = _l("Use at most %(max)d characters.")


class ProgramForm(ScansForm):
    """Whose program it is, of what it hands in lists, until when, and what says so."""

    on: date
    region = SelectField(_l("Region"))
    office = StringField(
        _l("Office that the list comes from"),
        [Needed(_l("Enter the office.")), Length(max=100, message=_TOO_LONG)],
    )
    name = StringField(
        _l("Name of the program"),
        [
            Needed(_l("Name the program as its office calls it.")),
            Length(max=80, message=_TOO_LONG),
        ],
    )
    kinds = SelectMultipleField(
        _l("May hand in lists of"),
        [InputRequired(_l("Choose at least one."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
    )
    expires_on = DayField(
        _l("Valid until"),
        [Needed(_l("Enter the last day."))],
        description=_l("One year at most."),
    )
    because = paper_field(
        _l("What the decision rests on"),
        PaperKind.AGREEMENT,
        PaperKind.LETTER,
        PaperKind.DECISION,
    )

    def validate_expires_on(self, field: DayField) -> None:
        """Refuse days gone by, and more than a year: whether it is still wanted is asked again."""
        if field.data is not None and not self.on <= field.data <= self.on + LONGEST:
            raise ValidationError(_("Choose a date within the next year."))

    def grant(self) -> OfficeGrant:
        """Return what was typed."""
        return OfficeGrant(
            self.region.data,
            self.office.data or "",
            self.name.data or "",
            self.kinds.data or (),
            self.expires_on.data,
        )
