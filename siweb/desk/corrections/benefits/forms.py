"""The forms with which staff set right what somebody drew."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import MoneyField
from siweb.web.forms.typed_fields import MonthField, Needed

_OFFICE = (
    PaperKind.DECISION,
    PaperKind.LETTER,
    PaperKind.PERSONNEL_FILE,
    PaperKind.JUDGMENT,
    PaperKind.POLICE_NOTICE,
)


def _benefit() -> SelectField:
    return SelectField(_l("Benefit"), [InputRequired(_l("Choose the benefit."))])


class WithdrawForm(ScansForm):
    """Which benefit was not due, from which month on, and what shows it."""

    refused_at = MappingProxyType(
        {
            "withdrawn_already": "benefit",
            "before_begin": "from_month",
            "after_next_month": "from_month",
        }
    )

    benefit = _benefit()
    from_month = MonthField(
        _l("First month that was not due"),
        [Needed(_l("Enter the month."))],
        description=_l("Its first month, if none of it was due."),
    )
    because = paper_field(_l("What shows it"), *_OFFICE)


class BeginAgainForm(ScansForm):
    """Which withdrawn benefit is due again, from when on, with what amount."""

    refused_at = MappingProxyType(
        {
            "not_withdrawn": "benefit",
            "before_withdrawal": "from_month",
            "after_next_month": "from_month",
        }
    )

    benefit = _benefit()
    from_month = MonthField(
        _l("First month that is due again"),
        [Needed(_l("Enter the month."))],
        description=_l("The month with which it was withdrawn, if all of it was due after all."),
    )
    monthly = MoneyField(
        _l("Amount a month, in yuan, if another one is right"),
        [Optional(), NumberRange(1, message=_l("Enter an amount above zero."))],
        description=_l("Left empty: the amount stays."),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    because = paper_field(_l("What shows it"), *_OFFICE)


class SignForm(ScansForm):
    """Which sign of life was another person's, and what shows it."""

    refused_at = MappingProxyType({"life_sign_gone": "sign"})

    sign = SelectField(_l("Sign of life"), [InputRequired(_l("Choose the sign."))])
    because = paper_field(_l("What shows it"), PaperKind.LETTER, *_OFFICE[:1], *_OFFICE[3:])
