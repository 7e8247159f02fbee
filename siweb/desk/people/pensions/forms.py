"""The forms with which staff propose what is decided on an application for a pension."""

from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from siweb.desk.checking.paper_field import paper_field
from siweb.evidence.field import ScansForm
from siweb.pensions.figures import ByHand
from siweb.rules.numbers.rates import PPM
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.typed_fields import MultiplierField

_TOO_LONG = _l("Use at most %(max)d characters.")
_AMOUNT = {"inputmode": "decimal", "maxlength": "20", "autocomplete": "off"}
_LEAST_INDEX, _MOST_INDEX = PPM // 10, 10 * PPM


class ApprovalForm(ScansForm):
    """What the office's books do not have, and what the decision rests on."""

    refused_at = MappingProxyType({"no_amount": "index"})

    index = MultiplierField(
        _l("Average contribution index, if not the one above"),
        [Optional(), NumberRange(_LEAST_INDEX, _MOST_INDEX, _l("Enter an index from 0.1 to 10."))],
        description=_l("From the person's file, such as 0.8. Left empty: the one worked out."),
        render_kw=_AMOUNT,
    )
    transitional = MoneyField(
        _l("Transitional pension, in yuan a month"),
        [Optional()],
        description=_l("What the province adds for years before the accounts. Left empty: none."),
        render_kw=_AMOUNT,
    )
    words = TextAreaField(
        _l("Reasons that the applicant reads"),
        [Length(max=500, message=_TOO_LONG)],
        description=_l("Needed where one of the two figures above is entered."),
        render_kw={"rows": 3},
    )
    papers = paper_field(_l("What was compared"))

    def validate_words(self, field: Any) -> None:
        """Ask for reasons of what comes from no book."""
        if (self.index.data or self.transitional.data) and not field.data:
            raise ValidationError(_("Enter where these figures come from."))

    def by_hand(self) -> ByHand:
        """Return what was typed."""
        return ByHand(self.index.data, self.transitional.data or 0)


class RefusalForm(PageForm):
    """Why an application is refused, for the applicant to read."""

    reasons = TextAreaField(
        _l("Reasons for the refusal"),
        [
            InputRequired(_l("Enter the facts, the reasons and the legal basis.")),
            Length(max=500, message=_TOO_LONG),
        ],
        description=_l("Facts, reasons and legal basis. The remedies are added by themselves."),
        render_kw={"rows": 5},
    )
