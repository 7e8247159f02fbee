"""The forms with which staff propose what is decided on an application for a pension."""

from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.pensions.figures import ByHand
from siweb.pensions.place import province_choices
from siweb.rules.numbers.rates import PPM
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.typed_fields import MultiplierField

_TOO_LONG = _l("Use at most %(max)d characters.")
_AMOUNT = {"inputmode": "decimal", "maxlength": "20", "autocomplete": "off"}
_LEAST_INDEX, _MOST_INDEX = PPM // 10, 10 * PPM


class ApprovalForm(ScansForm):
    """What the office's books do not have, and what the decision rests on."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.household.choices = [("", _("As the application says")), *province_choices()]

    refused_at = MappingProxyType(
        {
            "no_amount": "index",
            "no_early_months": "early_index",
            "household_unknown": "household",
            "pays_elsewhere": "household",
        }
    )

    household = SelectField(_l("Province where the household is registered"), default="")
    early_index = MultiplierField(
        _l("Average index of the months without a base on record"),
        [Optional(), NumberRange(_LEAST_INDEX, _MOST_INDEX, _l("Enter an index from 0.1 to 10."))],
        description=_l(
            "From the person's file or the other region's certificate. The other months keep "
            "theirs."
        ),
        render_kw=_AMOUNT,
    )

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
        description=_l("Needed where one of the figures above is entered."),
        render_kw={"rows": 3},
    )
    papers = paper_field(
        _l("What was compared"),
        PaperKind.PERSONNEL_FILE,
        PaperKind.HOUSEHOLD_REGISTER,
        PaperKind.LABOUR_CONTRACT,
        PaperKind.DECISION,
    )

    def validate_words(self, field: Any) -> None:
        """Ask for reasons of what comes from no book."""
        typed = (self.index.data, self.early_index.data, self.transitional.data)
        if any(typed) and not field.data:
            raise ValidationError(_("Enter where these figures come from."))

    def validate_early_index(self, field: Any) -> None:
        """Take the index of some months, or that of all: not both."""
        if field.data and self.index.data:
            raise ValidationError(_("Enter this index or the one of all months, not both."))

    def by_hand(self) -> ByHand:
        """Return what was typed."""
        return ByHand(
            self.index.data,
            self.transitional.data or 0,
            self.early_index.data,
            self.household.data or None,
        )


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
