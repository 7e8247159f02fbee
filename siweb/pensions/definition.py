"""Applying for a pension (养老金申领), one question a page; no paper but the ID card (OpReg 31)."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from siweb.pensions.facts import ApplicationFacts
from siweb.pensions.place import province_choices
from siweb.registry.packs.legal_periods import paying_place_period
from siweb.rules.identifiers.bank_card import CardRefused, parse_bank_card
from siweb.web.forms.contact_fields import TOO_LONG, email_field, mobile_field
from siweb.web.forms.typed_fields import Needed, TypedField
from siweb.web.language.explanations import months_text, working_days_text
from siweb.web.language.formats import month
from siweb.wizard.definition import Definition, Line, Step, StepForm, answer_line

STEP_TEMPLATE = "wizard/fields_step.html"
_SHOWN_DIGITS = 4
_CARD = {
    "characters": _l("A card number has only digits."),
    "length": _l("A card number has 16 to 19 digits; this one has %(length)s."),
    "check_digit": _l("A digit must be mistyped: the last one does not match. Compare the card."),
}


class CardField(TypedField):
    """The number of a bank card, kept as its digits."""

    def read(self, typed: str) -> str:
        """Read a number."""
        try:
            return parse_bank_card(typed)
        except CardRefused as refused:
            raise ValidationError(_CARD[refused.code] % refused.facts) from refused


class MonthForm(StepForm):
    """From which month on the pension is asked for."""

    from_month = RadioField(
        _l("First month of the pension"),
        [InputRequired(_l("Choose the first month."))],
    )

    def prepare(self, facts: ApplicationFacts) -> None:
        """Offer the months that may be asked for; the statutory one is named."""
        super().prepare(facts)
        self.from_month.description = _(
            "Before the statutory month it has to be asked for %(length)s ahead, and the least "
            "months must have been paid. Ask the agency about months that are past.",
            length=months_text(facts.eligibility.early_notice),
        )
        self.from_month.choices = [(each, _named(each, facts)) for each in facts.eligibility.months]


class HouseholdForm(StepForm):
    """Where the household is registered: asked of who has ten years at no place that is clear."""

    household = SelectField(
        _l("Province where your household is registered"),
        [InputRequired(_l("Choose the province."))],
        description=_l(
            "As your household booklet (户口簿) says. You contributed in several places, and less "
            "than %(length)s where you are insured now: it decides which place pays your pension.",
            length=paying_place_period(),
        ),
    )

    def prepare(self, facts: ApplicationFacts) -> None:
        """Offer every province."""
        super().prepare(facts)
        self.household.choices = [("", _("Choose")), *province_choices()]


class BankForm(StepForm):
    """To which account of one's own it is paid."""

    bank_name = StringField(
        _l("Bank"),
        [InputRequired(_l("Enter the name of the bank.")), Length(max=100, message=TOO_LONG)],
        render_kw={"autocomplete": "off"},
    )
    bank_card = CardField(
        _l("Number of your bank card"),
        [Needed(_l("Enter the number of the card."))],
        description=_l("In your own name; best your social security card."),
        render_kw={"inputmode": "numeric", "maxlength": "40", "autocomplete": "off"},
    )

    def lines(self) -> list[Line]:
        """Return the bank, and the card by its last digits."""
        return [answer_line(self.bank_name), (self.bank_card.label.text, card_end(self.card))]

    @property
    def card(self) -> str:
        """Return the digits of the card."""
        return str(self.bank_card.data or "")


class DeliveryForm(StepForm):
    """Where papers are delivered, and how the agency reaches the applicant."""

    mobile = mobile_field(_l("Mobile number"))
    address = StringField(
        _l("Address to which papers are delivered"),
        [InputRequired(_l("Enter the address.")), Length(max=200, message=TOO_LONG)],
        render_kw={"autocomplete": "street-address"},
    )
    email = email_field()

    def prepare(self, facts: ApplicationFacts) -> None:
        """Fill in what the register has, when nothing was typed yet."""
        super().prepare(facts)
        if not self.mobile.raw_data:
            for field in (self.mobile, self.address, self.email):
                field.data = getattr(facts.person, field.short_name) or ""


def card_end(digits: str) -> str:
    """Return a card's number as it is shown: its last digits."""
    return f"**** {digits[-_SHOWN_DIGITS:]}"


def _named(each: str, facts: Any) -> str:
    statutory = facts.eligibility.retirement.retirement_month
    if each == statutory:
        return str(_("%(month)s (your statutory month)", month=month(each)))
    if each < statutory:
        return str(_("%(month)s (early)", month=month(each)))
    return month(each)


DEFINITION = Definition(
    name="apply_for_pension",
    title=_l("Apply for my pension"),
    steps=(
        Step("month", _l("First month"), MonthForm, STEP_TEMPLATE),
        Step(
            "household",
            _l("Household register"),
            HouseholdForm,
            STEP_TEMPLATE,
            lambda _forms, facts: bool(facts.asks_household),
        ),
        Step("bank", _l("Bank account"), BankForm, STEP_TEMPLATE),
        Step("delivery", _l("Delivery of papers"), DeliveryForm, STEP_TEMPLATE),
    ),
    declaration=_l(
        "By sending you confirm that this is true and that the account is your own. The agency "
        "decides within %(length)s by what is in your record; no paper but your ID "
        "card is needed. Until then you may withdraw."
    ),
    figures=lambda facts: {"length": working_days_text(facts.decision_days)},
)
