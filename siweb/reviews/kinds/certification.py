"""Certification (资格认证): data first; else the person, a relative, a home visit or the window.

No face is kept and no clock runs down (人社厅发〔2018〕54号).
"""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.reviews.facts import ReviewFacts
from siweb.web.forms.contact_fields import TOO_LONG, mobile_field
from siweb.web.forms.typed_fields import Needed, TelephoneField
from siweb.wizard.definition import Definition, FollowUp, Line, Step, StepForm

SELF, RELATIVE, VISIT, WINDOW = "self", "relative", "visit", "window"


def _telephone() -> TelephoneField:
    """Return the field of any number at which a recipient answers: many have only a landline."""
    return TelephoneField(
        _l("Phone number"),
        [Needed(_l("Enter a phone number, so that the agency can reach you."))],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )


class ConfirmForm(StepForm):
    """Other bodies' data already show that the recipient is well: only to be confirmed."""

    def lines(self) -> list[Line]:
        """Return what the data say."""
        return []


class MethodForm(StepForm):
    """How the recipient wants to do it."""

    method = RadioField(
        _l("How do you want to do it?"),
        [InputRequired(_l("Choose one way."))],
        choices=[
            SelectChoice(SELF, _l("I declare it myself now")),
            SelectChoice(RELATIVE, _l("A relative does it for me on their own phone")),
            SelectChoice(VISIT, _l("Somebody from the agency visits me at home")),
            SelectChoice(WINDOW, _l("I go to the agency's counter")),
        ],
    )


class ResidenceForm(StepForm):
    """Where the recipient lives, and the declaration."""

    residence = RadioField(
        _l("Where do you live now?"),
        [InputRequired(_l("Choose the place."))],
        choices=[
            SelectChoice("here", _l("In this city")),
            SelectChoice("elsewhere", _l("In another place in China")),
            SelectChoice("abroad", _l("Abroad")),
        ],
    )
    place = StringField(
        _l("Where exactly? (city, or country if abroad)"),
        [Length(max=100, message=TOO_LONG)],
    )
    mobile = _telephone()
    declared = BooleanField(
        _l("I declare that the recipient is alive and still entitled to the benefit."),
        [InputRequired(_l("Select the declaration if it is true."))],
    )
    follow_ups: ClassVar = {
        "place": FollowUp(
            "residence",
            ("elsewhere", "abroad"),
            _l("Write the city, or the country if abroad."),
        )
    }

    def prepare(self, facts: ReviewFacts) -> None:
        """Fill in the phone number of the register."""
        super().prepare(facts)
        if facts.by_relative:
            # "You" would be the helper, who may live in another city and has given their number.
            self.residence.label.text = _("Where does the recipient live now?")
            self.mobile.label.text = _("Phone number at which the recipient is reached")
        # A relative would else read the recipient's number off the page.
        elif not self.mobile.raw_data:
            self.mobile.data = facts.person.mobile or ""


class VisitForm(StepForm):
    """Where and when somebody may come."""

    address = StringField(
        _l("Address"),
        [
            Needed(_l("Enter the address for the visit.")),
            Length(max=200, message=TOO_LONG),
        ],
        render_kw={"autocomplete": "street-address"},
    )
    mobile = _telephone()
    times = StringField(_l("When is a good time? (optional)"), [Length(max=100, message=TOO_LONG)])

    def prepare(self, facts: ReviewFacts) -> None:
        """Fill in what the register has."""
        super().prepare(facts)
        if not self.mobile.raw_data:
            self.mobile.data = facts.person.mobile or ""
            self.address.data = facts.person.address or ""


class WindowForm(StepForm):
    """Nothing to fill in: the agencies' addresses are shown."""

    def lines(self) -> list[Line]:
        """Return the plan."""
        return [(_("At the counter"), _("You bring your ID card."))]


class RelativeForm(StepForm):
    """How a relative does it; nothing can be sent from here."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse: the relative sends it on their own sign-in."""
        super().validate(extra_validators)
        self.form_errors.append(
            _("Your relative does this on their own sign-in. Or go back and choose another way.")
        )
        return False


class RelationshipForm(StepForm):
    """Who helps: asked of the relative."""

    relationship = RadioField(
        _l("What is your relationship to the recipient?"),
        [InputRequired(_l("Choose who you are."))],
        choices=[
            SelectChoice("child", _l("Son or daughter")),
            SelectChoice("spouse", _l("Husband or wife")),
            SelectChoice("grandchild", _l("Grandchild")),
            SelectChoice("sibling", _l("Brother or sister")),
            SelectChoice("other", _l("Another relative or a guardian")),
            # Whom the recipient gave a mandate need not be of the family.
            SelectChoice("neighbour", _l("Neighbour or friend")),
            SelectChoice("community", _l("Staff of the residents' committee")),
        ],
    )
    mobile = mobile_field(_l("Your own mobile number, not the recipient's"))


def _matched(_forms: Any, facts: ReviewFacts) -> bool:
    return not facts.by_relative and facts.life_sign is not None


def _unmatched(_forms: Any, facts: ReviewFacts) -> bool:
    return not facts.by_relative and facts.life_sign is None


def _by(method: str) -> Any:
    def applies(forms: Any, facts: ReviewFacts) -> bool:
        form = forms.get("method")
        return _unmatched(forms, facts) and form is not None and form.method.data == method

    return applies


_DECLARATION = _l("By sending you confirm that these answers are true.")
DEFINITION = Definition(
    name="certification",
    title=_l("Certification"),
    steps=(
        Step(
            "confirm",
            _l("Nothing more to prove"),
            ConfirmForm,
            "reviews/steps/confirm.html",
            _matched,
        ),
        Step("method", _l("How to certify"), MethodForm, "reviews/steps/method.html", _unmatched),
        Step(
            "residence",
            _l("Your declaration"),
            ResidenceForm,
            "reviews/steps/residence.html",
            _by(SELF),
        ),
        Step(
            "relative",
            _l("With a relative's help"),
            RelativeForm,
            "reviews/steps/relative.html",
            _by(RELATIVE),
        ),
        Step("visit", _l("A visit at home"), VisitForm, applies=_by(VISIT)),
        Step("window", _l("At the counter"), WindowForm, "reviews/steps/window.html", _by(WINDOW)),
    ),
    declaration=_DECLARATION,
)
BY_RELATIVE = Definition(
    name="certification_by_relative",
    title=_l("Certification for a relative"),
    steps=(
        Step(
            "relationship",
            _l("You and the recipient"),
            RelationshipForm,
            "reviews/steps/relationship.html",
        ),
        Step("residence", _l("The declaration"), ResidenceForm, "reviews/steps/residence.html"),
    ),
    declaration=_DECLARATION,
)
