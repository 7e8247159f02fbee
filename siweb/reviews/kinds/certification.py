"""Certification (资格认证): data first; else the person, a relative, a home visit or the window.

No face is kept and no clock runs down (人社厅发〔2018〕54号).
"""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.record_check import MOBILE
from siweb.wizard.definition import Definition, Line, Step, StepForm, chosen

SELF, RELATIVE, VISIT, WINDOW = "self", "relative", "visit", "window"
_TOO_LONG = _l("Use at most %(max)d characters.")
_PHONE = _l("Enter a phone number, so that the agency can reach you.")


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
            SelectChoice(WINDOW, _l("I go to the agency's window")),
        ],
    )


class ResidenceForm(StepForm):
    """Where the recipient lives, and the declaration."""

    residence = RadioField(
        _l("Where do you live now?"),
        [InputRequired(_l("Choose where you live."))],
        choices=[
            SelectChoice("here", _l("In this city")),
            SelectChoice("elsewhere", _l("In another place in China")),
            SelectChoice("abroad", _l("Abroad")),
        ],
    )
    place = StringField(
        _l("Where exactly? (city, or country if abroad)"),
        [Length(max=100, message=_TOO_LONG)],
    )
    mobile = StringField(
        _l("Phone number"),
        [InputRequired(_PHONE), Length(max=20, message=_TOO_LONG)],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    declared = BooleanField(
        _l("I declare that the recipient is alive and still entitled to the benefit."),
        [InputRequired(_l("Tick the declaration if it is true."))],
    )

    def prepare(self, facts: ReviewFacts) -> None:
        """Fill in the phone number of the register."""
        super().prepare(facts)
        if not self.mobile.raw_data and not facts.by_relative:
            self.mobile.data = facts.person.mobile or ""

    def validate_place(self, field: Any) -> None:
        """Ask where, when it is not here."""
        if self.residence.data in {"elsewhere", "abroad"} and not (field.data or "").strip():
            raise ValidationError(_("Write the city, or the country if abroad."))

    def lines(self) -> list[Line]:
        """Return the answers for checking."""
        lines: list[Line] = [(self.residence.label.text, chosen(self.residence))]
        if self.place.data:
            lines.append((self.place.label.text, self.place.data))
        lines.append((self.mobile.label.text, self.mobile.data))
        return [*lines, (_("Declaration"), self.declared.label.text)]


class VisitForm(StepForm):
    """Where and when somebody may come."""

    address = StringField(
        _l("Address"),
        [
            InputRequired(_l("Enter the address for the visit.")),
            Length(max=200, message=_TOO_LONG),
        ],
        render_kw={"autocomplete": "street-address"},
    )
    mobile = StringField(
        _l("Phone number"),
        [InputRequired(_PHONE), Length(max=20, message=_TOO_LONG)],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    times = StringField(
        _l("When is a good time? (if it matters)"), [Length(max=100, message=_TOO_LONG)]
    )

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
        return [(_("At the window"), _("You bring your ID card."))]


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
        _l("Who are you to the recipient?"),
        [InputRequired(_l("Choose who you are."))],
        choices=[
            SelectChoice("child", _l("Son or daughter")),
            SelectChoice("spouse", _l("Husband or wife")),
            SelectChoice("grandchild", _l("Grandchild")),
            SelectChoice("sibling", _l("Brother or sister")),
            SelectChoice("other", _l("Another relative or a guardian")),
        ],
    )
    mobile = StringField(
        _l("Your phone number"),
        [
            InputRequired(_PHONE),
            Regexp(
                MOBILE, message=_l("Enter a mobile number with 11 digits, such as 13800001234.")
            ),
        ],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )


def _matched(_forms: Any, facts: ReviewFacts) -> bool:
    return not facts.by_relative and facts.life_sign is not None


def _unmatched(_forms: Any, facts: ReviewFacts) -> bool:
    return not facts.by_relative and facts.life_sign is None


def _by(method: str) -> Any:
    def applies(forms: Any, facts: ReviewFacts) -> bool:
        form = forms.get("method")
        return _unmatched(forms, facts) and form is not None and form.method.data == method

    return applies


_DECLARATION = _l("By sending you say that these answers are true.")
DEFINITION = Definition(
    name="certification",
    title=_l("Certification"),
    steps=(
        Step("confirm", _l("Nothing more to prove"), ConfirmForm, "reviews/confirm.html", _matched),
        Step("method", _l("How to certify"), MethodForm, "reviews/method.html", _unmatched),
        Step(
            "residence", _l("Your declaration"), ResidenceForm, "reviews/residence.html", _by(SELF)
        ),
        Step(
            "relative",
            _l("With a relative's help"),
            RelativeForm,
            "reviews/relative.html",
            _by(RELATIVE),
        ),
        Step("visit", _l("A visit at home"), VisitForm, "reviews/visit.html", _by(VISIT)),
        Step("window", _l("At the window"), WindowForm, "reviews/window.html", _by(WINDOW)),
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
            "reviews/relationship.html",
        ),
        Step("residence", _l("The declaration"), ResidenceForm, "reviews/residence.html"),
    ),
    declaration=_DECLARATION,
)
