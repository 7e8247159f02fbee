"""The form of what people read of an agency."""

from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.registry.codes import AgencyKind
from siweb.registry.regions.open_region import AgencyFacts
from siweb.web.forms.fields import PageForm
from siweb.web.language.labels import INSURANCES

_TOO_LONG = _l("Use at most %(max)d characters.")
KINDS = {
    AgencyKind.HRSS: _l("Pension, work injury, unemployment"),
    AgencyKind.MEDICAL: _l("Medical care and maternity"),
}


class InsurancesForm(ScansForm):
    """Which insurances an agency runs, and what says so."""

    refused_at = MappingProxyType({"none_chosen": "insurances", "as_before": "insurances"})

    insurances = SelectMultipleField(
        _l("Which insurances"),
        choices=[SelectChoice(code, name) for code, name in INSURANCES.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    because = paper_field(_l("What the decision rests on"), PaperKind.STAFFING, PaperKind.DECISION)


def _text(label: Any, most: int, needed: Any) -> StringField:
    return StringField(label, [InputRequired(needed), Length(max=most, message=_TOO_LONG)])


class AgencyForm(PageForm):
    """Which agency, and what people read of it."""

    region = SelectField(_l("Region"))
    kind = SelectField(
        _l("Insurances"), choices=[SelectChoice(kind.value, name) for kind, name in KINDS.items()]
    )
    name_zh = _text(_l("Name in Chinese"), 80, _l("Enter the name in Chinese."))
    name_en = _text(_l("Name in English"), 120, _l("Enter the name in English."))
    address_zh = _text(_l("Address in Chinese"), 120, _l("Enter the address in Chinese."))
    address_en = _text(_l("Address in English"), 160, _l("Enter the address in English."))
    phone = _text(_l("Telephone"), 30, _l("Enter the number that people call."))
    hours = StringField(
        _l("Opening hours"),
        [Length(max=80, message=_TOO_LONG)],
        description=_l("As people read it, such as 周一至周五 9:00–17:00."),
    )

    def facts(self) -> AgencyFacts:
        """Return what was typed."""
        return AgencyFacts(
            self.name_zh.data or "",
            self.name_en.data or "",
            self.address_zh.data or "",
            self.address_en.data or "",
            self.phone.data or "",
            self.hours.data or "",
        )
