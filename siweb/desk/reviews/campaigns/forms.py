"""The form that opens a campaign."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import NumberRange

from siweb.reviews.labels import KINDS
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, MonthField, Needed, WholeField

EARLIEST, LATEST = 2000, 2999


class CampaignForm(PageForm):
    """What is reviewed, where, for which months, and when people may answer."""

    refused_at = MappingProxyType(
        {
            "not_run": "kind",
            "open_already": "year",
            "months_end_before": "to_month",
            "ends_before": "closes_on",
            "season_forbidden": "closes_on",
            "last_day_missing": "closes_on",
        }
    )

    kind = SelectField(
        _l("Review"), choices=[SelectChoice(kind.value, name) for kind, name in KINDS.items()]
    )
    region = SelectField(_l("Region"))
    year = WholeField(
        _l("Year"),
        [
            Needed(_l("Enter the year.")),
            NumberRange(EARLIEST, LATEST, message=_l("Enter a year such as 2026.")),
        ],
    )
    from_month = MonthField(
        _l("First month"),
        [Needed(_l("Enter the first month."))],
        description=_l("A record check looks back on these months; a base holds for them."),
    )
    to_month = MonthField(_l("Last month"), [Needed(_l("Enter the last month."))])
    opens_on = DayField(_l("First day for answers"), [Needed(_l("Enter the first day."))])
    closes_on = DayField(
        _l("Last day for answers"),
        description=_l("Certification has none: everybody has a year since the last one."),
    )
