"""The forms with which staff levy a month or adjust earlier ones."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, MonthField, Needed


class LevyForm(PageForm):
    """Which region and month are levied."""

    refused_at = MappingProxyType(
        {
            "not_begun": "month",
            "adjust_first": "month",
            "provisional": "month",
            "parameter_missing": "month",
        }
    )

    region = SelectField(_l("Region"))
    month = MonthField(_l("Month"), [Needed(_l("Enter a month."))])
    provisional = BooleanField(_l("Bill with these figures all the same"))


class AdjustForm(ScansForm):
    """Which months are adjusted, and what the notice says of it."""

    refused_at = MappingProxyType(
        {
            "due_before": "due_on",
            "parameter_missing": "first_month",
            "not_begun": "last_month",
            "month_order": "last_month",
            "too_long": "last_month",
            "not_billed": "last_month",
            "overlaps": "last_month",
        }
    )

    region = SelectField(_l("Region"))
    first_month = MonthField(_l("First month"), [Needed(_l("Enter the first month."))])
    last_month = MonthField(_l("Last month"), [Needed(_l("Enter the last month."))])
    due_on = DayField(
        _l("Last day to pay"),
        [Needed(_l("Enter the last day to pay."))],
        description=_l("As the notice says."),
    )
    waived_until = DayField(
        _l("No late fees until"),
        [Optional()],
        description=_l("Only where the notice waives them up to a day."),
    )
    notice = paper_field(
        _l("Notice that it rests on"), PaperKind.LETTER, PaperKind.DECISION, PaperKind.RULES
    )
    reason = TextAreaField(
        _l("Notice and reason"),
        [
            InputRequired(_l("Name the notice: payers read it on the bill.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
        render_kw={"rows": 3},
    )
