"""The forms with which staff name an employer and decide its rate for work injury."""

from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.registry.employers.injury_rate import Risk
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import MonthField, Needed

CLASSES = range(1, 9)
_PPM_PER_PERCENT = 10_000
_TOO_LONG = _l("Use at most %(max)d characters.")


class EmployerForm(PageForm):
    """Which employer is meant by somebody who named one in their own words."""

    employer = StringField(
        _l("Name or social credit code of the employer"),
        [InputRequired(_l("Enter which employer it is.")), Length(max=200, message=_TOO_LONG)],
    )


class InjuryRateForm(ScansForm):
    """Which class and tier hold from a month on, and what the decision rests on."""

    refused_at = MappingProxyType(
        {
            "month_billed": "from_month",
            "parameter_missing": "from_month",
            "no_such_tier": "injury_tier",
            "as_before": "injury_class",
        }
    )

    injury_class = SelectField(_l("Class"))
    injury_tier = SelectField(_l("Tier"), choices=[])
    from_month = MonthField(
        _l("First month"),
        [Needed(_l("Enter the first month."))],
        description=_l("What was billed before stays as it is."),
    )
    because = paper_field(
        _l("What the decision rests on"), PaperKind.RATE_NOTICE, PaperKind.DECISION
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.injury_class.choices = [
            (str(number), _("Class %(number)s", number=number)) for number in CLASSES
        ]

    def offer(self, in_force: ParameterSet) -> None:
        """Offer the tiers of the region's pack: class 1, say, has fewer (人社部发〔2015〕71号)."""
        self.injury_tier.choices = [
            SelectChoice(str(tier), f"{tier // _PPM_PER_PERCENT} %")
            for tier in in_force.every_injury_tier()
        ]

    def risk(self) -> Risk:
        """Return what was chosen."""
        return Risk(int(self.injury_class.data), int(self.injury_tier.data))
