"""The forms of an employer at the counter: what its licence says, and who acts for it."""

from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError

from siweb import clock
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.filings.employers.labels import EMPLOYER_KINDS
from siweb.web.forms.fields import PageForm
from siweb.web.forms.number_fields import IdNumberField, UsccField
from siweb.web.forms.typed_fields import DayField, Needed

_TOO_LONG = _l("Use at most %(max)d characters.")


class RegisterForm(PageForm):
    """What the licence says, shown at the counter."""

    refused_at = MappingProxyType({"registered": "uscc"})

    uscc = UsccField(
        _l("Unified social credit code"),
        [InputRequired(_l("Enter the code as on the business licence."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 30},
    )
    name = StringField(
        _l("Name of the employer"),
        [
            InputRequired(_l("Enter the name as on the business licence.")),
            Length(max=200, message=_TOO_LONG),
        ],
    )
    region_code = SelectField(_l("Region"))
    kind = SelectField(
        _l("Kind of employer"),
        choices=[SelectChoice(kind, name) for kind, name in EMPLOYER_KINDS.items()],
    )
    industry_code = SelectField(_l("Industry (GB/T 4754)"))
    established_on = DayField(
        _l("Established on"), [Needed(_l("Enter the day as on the business licence."))]
    )

    def validate_established_on(self, field: Any) -> None:
        """Refuse a day that has not come."""
        if field.data is not None and field.data > clock.today():
            raise ValidationError(_("This date lies in the future."))

    def licence(self) -> dict[str, Any]:
        """Return what the register keeps of it."""
        names = ("uscc", "name", "region_code", "kind", "industry_code", "established_on")
        return {name: self[name].data for name in names}


class OwnerForm(PageForm):
    """Who is to act for the employer, and by which paper that is known."""

    refused_at = MappingProxyType(dict.fromkeys(("nobody", "no_account", "staff"), "id_number"))

    id_number = IdNumberField(
        _l("Citizen ID number of the person"),
        [InputRequired(_l("Enter the ID number."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 30},
    )
    because = paper_field(
        _l("Licence and authorisation that were shown"),
        PaperKind.AUTHORISATION,
        PaperKind.LICENCE,
        PaperKind.APPOINTMENT,
    )
