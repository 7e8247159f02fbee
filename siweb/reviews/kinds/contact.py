"""The step that asks who one is and how to be reached; several reviews begin with it."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.reviews.facts import ReviewFacts
from siweb.web.forms.contact_fields import TOO_LONG, address_field, email_field, mobile_field
from siweb.wizard.definition import FollowUp, Step, StepForm

RIGHT, WRONG = "right", "wrong"
WHAT_IS_WRONG = _l("Describe briefly what is wrong.")
IF_WRONG = _l("If something is wrong, describe it")


class ContactForm(StepForm):
    """Who I am and how to reach me."""

    name_is = RadioField(
        _l("Is this you?"),
        [InputRequired(_l("Choose whether name and number are right."))],
        choices=[
            SelectChoice(RIGHT, _l("Yes, name and number are right")),
            SelectChoice(WRONG, _l("Something is wrong")),
        ],
        default=RIGHT,
    )
    name_words = StringField(
        _l("What is wrong with name or number?"), [Length(max=200, message=TOO_LONG)]
    )
    mobile = mobile_field(_l("Mobile number"))
    address = address_field()
    email = email_field()
    follow_ups: ClassVar = {"name_words": FollowUp("name_is", (WRONG,), WHAT_IS_WRONG, IF_WRONG)}

    def prepare(self, facts: ReviewFacts) -> None:
        """Fill in what the register has, when nothing was typed yet."""
        super().prepare(facts)
        # A field that was sent empty has raw data too: what somebody deleted stays deleted.
        if not self.mobile.raw_data:
            person = facts.person
            self.mobile.data = person.mobile or ""
            self.address.data = person.address or ""
            self.email.data = person.email or ""


def _asked_of(_forms: Any, facts: ReviewFacts) -> bool:
    # Never of a helper: whoever sets the number reads what the person is told, and the person not.
    return not facts.by_relative


CONTACT = Step(
    "contact",
    _l("You and your contact details"),
    ContactForm,
    "reviews/steps/contact.html",
    _asked_of,
)
