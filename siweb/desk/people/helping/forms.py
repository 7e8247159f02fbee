"""The forms of helping at the counter: a mandate from a paper, and an appointment."""

from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.auth.tables.help_mandate import HelpBasis, HelpKind
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.helping.forms import kinds_field
from siweb.web.forms.number_fields import IdNumberField
from siweb.web.forms.typed_fields import DayField, Needed

_TOO_LONG = _l("Use at most %(max)d characters.")
# A guardian is named by a court or a committee (Civil Code 31): what the person signed names none,
# and would hold three years instead of one.
_PAPERS_OF = MappingProxyType(
    {
        HelpBasis.PAPER: frozenset({PaperKind.AUTHORISATION}),
        HelpBasis.GUARDIANSHIP: frozenset(
            {PaperKind.JUDGMENT, PaperKind.DECISION, PaperKind.LETTER}
        ),
    }
)
_WRONG_PAPER = MappingProxyType(
    {
        HelpBasis.PAPER: _l("For a form that the person signed, choose “Written authorisation”."),
        HelpBasis.GUARDIANSHIP: _l(
            "For a guardian, choose a judgment, a written decision or an official letter."
        ),
    }
)


class GrantForm(ScansForm):
    """Who may act for the person, as their paper says."""

    refused_at = MappingProxyType(
        dict.fromkeys(("nobody", "self", "minor", "staff", "no_account"), "id_number")
        | {"too_many_people": "id_number", "day_before": "until_on", "too_long": "until_on"}
    )

    id_number = IdNumberField(
        _l("The helper's ID number"),
        [InputRequired(_l("Enter the helper's ID number."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 30},
    )
    helper_name = StringField(
        _l("The helper's name"),
        [
            InputRequired(_l("Enter the name as on the ID card.")),
            Length(max=100, message=_l("A name has at most 100 characters here.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    basis = RadioField(
        _l("What it rests on"),
        [InputRequired(_l("Choose what it rests on."))],
        choices=[
            SelectChoice(HelpBasis.PAPER.value, _l("A form that the person signed")),
            SelectChoice(
                HelpBasis.GUARDIANSHIP.value, _l("Guardianship, by a court or a committee")
            ),
        ],
    )
    kinds = kinds_field()
    until_on = DayField(
        _l("Last day"),
        [Needed(_l("Enter the last day."))],
        description=_l("One year at most, for a guardian three."),
    )
    paper = paper_field(
        _l("Signed form, or judgment or appointment of the guardian"),
        PaperKind.AUTHORISATION,
        PaperKind.JUDGMENT,
        PaperKind.DECISION,
        PaperKind.LETTER,
    )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Take only the papers that can show what the mandate rests on."""
        is_valid = bool(super().validate(*args, **kwargs))
        basis, kind = self.basis.data, self.paper.form.kind
        if kind.errors or basis not in _PAPERS_OF or kind.data in _PAPERS_OF[basis]:
            return is_valid
        kind.errors = [_WRONG_PAPER[basis]]
        return False

    def chosen(self) -> frozenset[HelpKind]:
        """Return what was ticked."""
        return frozenset(map(HelpKind, self.kinds.data or ()))


class EndGuardianForm(ScansForm):
    """Which guardian's mandate ends, and the paper of the court or committee that says so."""

    refused_at = MappingProxyType({"over": "mandate"})

    mandate = SelectField(_l("Guardian"), coerce=int)
    paper = paper_field(
        _l("Judgment or decision that ends or changes the guardianship"),
        PaperKind.JUDGMENT,
        PaperKind.DECISION,
        PaperKind.LETTER,
    )


class AppointForm(ScansForm):
    """For which organisation somebody helps, and until when."""

    refused_at = MappingProxyType({"day_before": "until_on", "too_long": "until_on"})

    organisation = StringField(
        _l("Works for"),
        [InputRequired(_l("Enter the organisation.")), Length(max=60, message=_TOO_LONG)],
        description=_l("Residents' committee, village committee or service station."),
    )
    until_on = DayField(
        _l("Last day"),
        [Needed(_l("Enter the last day."))],
        description=_l("One year at most."),
    )
    paper = paper_field(
        _l("Letter of the organisation"),
        PaperKind.LETTER,
        PaperKind.APPOINTMENT,
        PaperKind.AGREEMENT,
    )
