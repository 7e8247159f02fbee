"""The form with which an office says above which amount a third person checks."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import MoneyField


class LimitForm(ScansForm):
    """A region and its limit."""

    refused_at = MappingProxyType({"as_before": "above"})

    region = SelectField(_l("Region"))
    above = MoneyField(
        _l("A third person checks above, in yuan"),
        [Optional()],
        description=_l("Empty: two people are enough, whatever the amount."),
        render_kw={"inputmode": "decimal"},
    )
    because = paper_field(_l("What the decision rests on"), PaperKind.RULES, PaperKind.DECISION)
