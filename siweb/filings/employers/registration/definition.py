"""Employer registration (单位参保登记), one question a page; no paper is asked for (OpReg 31)."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.filings.employers.labels import EMPLOYER_KINDS
from siweb.filings.employers.registration.facts import RegistrationFacts
from siweb.filings.employers.registration.fields import (
    account_field,
    email_field,
    industry_choices,
    phone_field,
    text_field,
)
from siweb.registry.codes import Insurance
from siweb.registry.employers.industries import class_of_industry
from siweb.registry.packs.legal_periods import legal_period
from siweb.web.forms.number_fields import UsccField
from siweb.web.forms.typed_fields import DayField, Needed
from siweb.web.language.formats import day
from siweb.web.language.labels import INSURANCES, region_name
from siweb.wizard.definition import Definition, Line, Step, StepForm, chosen

STEP_TEMPLATE = "wizard/fields_step.html"


class CodeForm(StepForm):
    """Which unit it is, and where it registers."""

    uscc = UsccField(
        _l("Unified social credit code"),
        [InputRequired(_l("Enter the 18 characters from the business licence."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "40"},
    )
    name = text_field(
        _l("Name of the employer"), 200, _l("Enter the name as on the business licence.")
    )
    kind = SelectField(
        _l("Kind of organisation"),
        [InputRequired(_l("Choose the kind of organisation."))],
    )
    region_code = SelectField(_l("City"), [InputRequired(_l("Choose the city."))])

    def prepare(self, facts: RegistrationFacts) -> None:
        """Offer the kinds of units and the hosted cities."""
        super().prepare(facts)
        self.kind.choices = list(EMPLOYER_KINDS.items())
        self.region_code.choices = [(region.code, region_name(region)) for region in facts.regions]

    def validate_uscc(self, field: Any) -> None:
        """Refuse an employer that is registered already."""
        # That an employer is registered is public: the market regulator's list says who is one.
        if field.data and not field.errors and self.facts.is_registered_already(field.data):
            raise ValidationError(
                _("This employer is registered already. Ask its owner to let you act for it.")
            )

    def lines(self) -> list[Line]:
        """Return the answers for checking."""
        return [
            (self.uscc.label.text, self.uscc.data),
            (self.name.label.text, self.name.data),
            (self.kind.label.text, chosen(self.kind)),
            (self.region_code.label.text, chosen(self.region_code)),
        ]


class IndustryForm(StepForm):
    """What it does and since when."""

    industry_code = SelectField(
        _l("Industry (GB/T 4754)"), [InputRequired(_l("Choose the industry."))]
    )
    established_on = DayField(
        _l("Established on"),
        [Needed(_l("Enter the date on the business licence."))],
        description=_l(
            "Registration is due within %(period)s of founding; a late one is accepted and marked.",
            period=legal_period("employer_registration"),
        ),
    )

    def prepare(self, facts: RegistrationFacts) -> None:
        """Offer the industries in the reader's language."""
        super().prepare(facts)
        self.industry_code.choices = industry_choices()

    def validate_established_on(self, field: Any) -> None:
        """Refuse a day that has not come."""
        if field.data is not None and field.data > self.facts.on:
            raise ValidationError(_("This date lies in the future."))

    def lines(self) -> list[Line]:
        """Return the answers for checking."""
        established = day(self.established_on.data) if self.established_on.data else ""
        number = class_of_industry(self.industry_code.data)
        return [
            (self.industry_code.label.text, chosen(self.industry_code)),
            (
                _("Risk class for work injury"),
                _("Class %(number)s, until the agency decides another", number=number),
            ),
            (self.established_on.label.text, established),
        ]


class AddressForm(StepForm):
    """Where it is and how to reach it."""

    address = text_field(_l("Registered address"), 200, _l("Enter the registered address."))
    business_address = text_field(_l("Place of business (if different)"), 200)
    phone = phone_field(_l("Telephone"), _l("Enter a telephone number."))
    email = email_field()


class PeopleForm(StepForm):
    """Who stands for it, and who handles social insurance there."""

    legal_representative = text_field(
        _l("Legal representative"), 100, _l("Enter the name on the business licence.")
    )
    handler_name = text_field(
        _l("Social insurance contact person"), 100, _l("Enter the name of the contact person.")
    )
    handler_phone = phone_field(
        _l("Telephone of the contact person"),
        _l("Enter the telephone number of the contact person."),
    )


class BankForm(StepForm):
    """From which account it pays."""

    bank_name = text_field(_l("Bank"), 100, _l("Enter the name of the bank."))
    bank_account = account_field()


class InsurancesForm(StepForm):
    """Which insurances it joins."""

    insurances = SelectMultipleField(
        _l("Insurances"),
        [InputRequired(_l("Choose at least one insurance."))],
        description=_l("Employees must be in all five; leave one out only where a law says so."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def prepare(self, facts: RegistrationFacts) -> None:
        """Choose all five, unless something was chosen already."""
        super().prepare(facts)
        self.insurances.choices = list(INSURANCES.items())
        if self.insurances.raw_data is None:
            self.insurances.data = [insurance.value for insurance in Insurance]

    def lines(self) -> list[Line]:
        """Return the answer for checking."""
        names = [str(INSURANCES[code]) for code in self.insurances.data or ()]
        return [(self.insurances.label.text, _(", ").join(names))]


DEFINITION = Definition(
    name="employer_registration",
    title=_l("Register an employer"),
    steps=(
        Step("code", _l("Which employer"), CodeForm, STEP_TEMPLATE),
        Step("industry", _l("Industry and founding date"), IndustryForm, STEP_TEMPLATE),
        Step("addresses", _l("Address and telephone"), AddressForm, STEP_TEMPLATE),
        Step(
            "people",
            _l("Representative and contact person"),
            PeopleForm,
            STEP_TEMPLATE,
        ),
        Step("bank", _l("Bank account"), BankForm, STEP_TEMPLATE),
        Step(
            "insurances",
            _l("Insurances"),
            InsurancesForm,
            STEP_TEMPLATE,
        ),
    ),
    declaration=_l(
        "By sending you confirm that this is true and that you may register this employer. "
        "You become its owner here, can file at once and let others act. The agency examines "
        "the registration within %(period)s.",
        period=legal_period("registration_review"),
    ),
)
