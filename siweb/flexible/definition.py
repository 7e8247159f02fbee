"""Beginning to insure oneself (灵活就业参保登记), one question a page; no paper is asked for.

What somebody works at is declared, not proved (OpReg 31).
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.collection.own_accounts.forms import bank_field, number_field
from siweb.flexible.facts import JoinFacts
from siweb.flexible.labels import RHYTHMS, WORK
from siweb.reviews.kinds.base_choice import BaseForm
from siweb.rules.calendar.pay_periods import Every
from siweb.web.forms.contact_fields import address_field, email_field, mobile_field
from siweb.web.language.formats import month
from siweb.web.language.labels import INSURANCES, region_name
from siweb.wizard.definition import Definition, Line, Step, StepForm, chosen

STEP_TEMPLATE = "wizard/fields_step.html"


class WorkForm(StepForm):
    """What somebody works at, in their own words of three."""

    work = RadioField(
        _l("How do you work?"),
        [InputRequired(_l("Choose how you work."))],
        choices=[SelectChoice(code, words) for code, words in WORK.items()],
        description=_l(
            "Whoever has an employer is insured by the employer: if yours did not register you, "
            "tell the agency instead."
        ),
    )


class CityForm(StepForm):
    """Where to be insured."""

    region_code = SelectField(_l("City"), [InputRequired(_l("Choose the city."))])

    def prepare(self, facts: JoinFacts) -> None:
        """Offer the cities of this office, one's own first chosen."""
        super().prepare(facts)
        self.region_code.choices = [(region.code, region_name(region)) for region in facts.regions]
        if not self.region_code.raw_data:
            self.region_code.data = facts.region_code


class InsurancesForm(StepForm):
    """In which insurances, of those the city has for people who pay alone."""

    insurances = SelectMultipleField(
        _l("Insurances"),
        [InputRequired(_l("Choose at least one insurance."))],
        description=_l("Work injury and maternity are for those who have an employer."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def prepare(self, facts: JoinFacts) -> None:
        """Choose pension and medical, unless something was chosen already."""
        super().prepare(facts)
        self.insurances.choices = [(each, INSURANCES[each]) for each in facts.offered]
        if self.insurances.raw_data is None:
            self.insurances.data = [
                each for each in facts.offered if each in {"pension", "medical"}
            ]

    def lines(self) -> list[Line]:
        """Return the answer and the first month for checking."""
        return [
            (self.insurances.label.text, chosen(self.insurances)),
            (_("From"), month(self.facts.from_month)),
        ]


def rhythm_field() -> RadioField:
    """Return the field of how often somebody pays, wherever it is asked."""
    return RadioField(
        _l("How often do you want to pay?"),
        [InputRequired(_l("Choose how often you pay."))],
        choices=[SelectChoice(every.value, words) for every, words in RHYTHMS.items()],
        default=Every.MONTH.value,
        description=_l(
            "You may always pay earlier. A month counts when it is paid, and medical benefits wait "
            "for it too; what is not paid by the last day cannot be paid afterwards."
        ),
    )


class RhythmForm(StepForm):
    """How often to pay."""

    every = rhythm_field()


class BankForm(StepForm):
    """Where money that is given back may go; it may be left out."""

    number = number_field()
    bank_name = bank_field()
    is_mine = BooleanField(_l("This account is in my own name."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the bank and the own name where an account is given, and for it where they are.

        Whoever leaves all of it out names none, now or later.
        """
        is_valid = super().validate(extra_validators)
        if self.number.errors or not (self.number.data or self.bank_name.data):
            return is_valid
        for field, missing in (
            (self.number, _("Enter the number of the card or account.")),
            (self.bank_name, _("Enter the name of the bank.")),
            (self.is_mine, _("Only an account in your own name can be entered here.")),
        ):
            if not field.data and not field.errors:
                field.errors, is_valid = [missing], False
        return is_valid

    def lines(self) -> list[Line]:
        """Return the account for checking, or that there is none."""
        if not self.number.data:
            return [(self.number.label.text, _("Not entered"))]
        return [(field.label.text, field.data) for field in (self.number, self.bank_name)]


class ContactForm(StepForm):
    """How the agency reaches whoever joins."""

    mobile = mobile_field(_l("Mobile number"))
    address: StringField = address_field()
    email = email_field()

    def prepare(self, facts: JoinFacts) -> None:
        """Fill in what the register has, when nothing was typed yet."""
        super().prepare(facts)
        if not self.mobile.raw_data:
            for field in (self.mobile, self.address, self.email):
                field.data = getattr(facts.person, field.short_name) or ""


def _has_no_base(_forms: Mapping[str, StepForm], facts: Any) -> bool:
    return not facts.has_base


def _has_no_account(_forms: Mapping[str, StepForm], facts: Any) -> bool:
    # Another one is named on the page of the account, which tells what becomes of the former.
    return not facts.has_account


DEFINITION = Definition(
    name="insure_oneself",
    title=_l("Insure myself"),
    steps=(
        Step("work", _l("How you work"), WorkForm, STEP_TEMPLATE),
        Step("city", _l("City"), CityForm, STEP_TEMPLATE),
        Step("insurances", _l("Insurances"), InsurancesForm, STEP_TEMPLATE),
        Step("base", _l("Your monthly base"), BaseForm, "flexible/base.html", _has_no_base),
        # As with the base: who adds an insurance has chosen, and changes it on a page of its own.
        Step("pay", _l("How you pay"), RhythmForm, STEP_TEMPLATE, _has_no_base),
        Step("bank", _l("Your bank account"), BankForm, "flexible/bank.html", _has_no_account),
        Step("contact", _l("Contact details"), ContactForm, STEP_TEMPLATE),
    ),
    declaration=_l(
        "By sending you confirm that this is true and that no employer has to insure you. You are "
        "insured from this month on. A month counts when you have paid it; one that you do not "
        "pay is no debt, but it cannot be paid afterwards."
    ),
)
