"""Record check (权益对账): an employee looks at the year and says what is wrong, if anything."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.questions import QuestionsForm
from siweb.wizard.definition import Definition, Line, Step, StepForm, chosen

MOBILE = re.compile(r"(\+?86)?[- ]?1[3-9]\d{9}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
RIGHT, WRONG = "right", "wrong"
_TOO_LONG = _l("Use at most %(max)d characters.")


class ContactForm(StepForm):
    """Who I am and how to reach me."""

    name_is = RadioField(
        _l("Is this you?"),
        [InputRequired(_l("Say whether name and number are right."))],
        choices=[
            SelectChoice(RIGHT, _l("Yes, name and number are right")),
            SelectChoice(WRONG, _l("Something is wrong")),
        ],
        default=RIGHT,
    )
    name_words = StringField(
        _l("What is wrong with name or number?"), [Length(max=200, message=_TOO_LONG)]
    )
    mobile = StringField(
        _l("Mobile number"),
        [
            InputRequired(_l("Enter a mobile number, so that the agency can reach you.")),
            Regexp(
                MOBILE, message=_l("Enter a mobile number with 11 digits, such as 13800001234.")
            ),
            Length(max=20, message=_TOO_LONG),
        ],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    address = StringField(
        _l("Address"),
        [Optional(), Length(max=200, message=_TOO_LONG)],
        render_kw={"autocomplete": "street-address"},
    )
    email = StringField(
        _l("E-mail (if you have one)"),
        [
            Optional(),
            Length(max=254, message=_TOO_LONG),
            Regexp(EMAIL, message=_l("Enter an e-mail address such as name@example.com.")),
        ],
        render_kw={"autocomplete": "email"},
    )

    def prepare(self, facts: ReviewFacts) -> None:
        """Fill in what the register has, when nothing was typed yet."""
        super().prepare(facts)
        if not self.is_submitted_data:
            person = facts.person
            self.mobile.data = person.mobile or ""
            self.address.data = person.address or ""
            self.email.data = person.email or ""

    @property
    def is_submitted_data(self) -> bool:
        """Return whether the form was filled from what somebody typed."""
        return self.mobile.raw_data is not None and self.mobile.raw_data != []

    def validate_name_words(self, field: Any) -> None:
        """Ask for words when something is wrong."""
        if self.name_is.data == WRONG and not (field.data or "").strip():
            field.errors = [*field.errors, _("Say in a few words what is wrong.")]
            raise ValidationError(_("Say in a few words what is wrong."))

    def lines(self) -> list[Line]:
        """Return the answers for checking."""
        said = chosen(self.name_is)
        lines: list[Line] = [(self.name_is.label.text, said)]
        if self.name_is.data == WRONG:
            lines.append((self.name_words.label.text, self.name_words.data))
        fields = (self.mobile, self.address, self.email)
        return lines + [(field.label.text, field.data) for field in fields if field.data]


class VerdictForm(StepForm):
    """Right, or wrong and why."""

    verdict = RadioField(
        _l("Is this right?"),
        [InputRequired(_l("Say whether this is right."))],
        choices=[
            SelectChoice(RIGHT, _l("Yes, all of it is right")),
            SelectChoice(WRONG, _l("Something is wrong")),
        ],
        default=RIGHT,
    )
    words = TextAreaField(
        _l("What is wrong?"),
        [Length(max=500, message=_TOO_LONG)],
        render_kw={"rows": 3},
    )

    def validate_words(self, field: Any) -> None:
        """Ask for words when something is wrong."""
        if self.verdict.data == WRONG and not (field.data or "").strip():
            raise ValidationError(_("Say in a few words what is wrong."))

    def lines(self) -> list[Line]:
        """Return the answers for checking."""
        lines: list[Line] = [(self.verdict.label.text, chosen(self.verdict))]
        if self.verdict.data == WRONG:
            lines.append((self.words.label.text, self.words.data))
        return lines


class MonthsForm(StepForm):
    """All months right, or some questioned on the next page."""

    verdict = RadioField(
        _l("Are the months right?"),
        [InputRequired(_l("Say whether the months are right."))],
        choices=[
            SelectChoice(RIGHT, _l("Yes, all months are right")),
            SelectChoice(WRONG, _l("No, I want to question a month")),
        ],
        default=RIGHT,
    )

    def lines(self) -> list[Line]:
        """Return the answer for checking."""
        return [(self.verdict.label.text, chosen(self.verdict))]


def _months_questioned(forms: Any, _facts: Any) -> bool:
    months = forms.get("months")
    return months is not None and months.verdict.data == WRONG


DEFINITION = Definition(
    name="record_check",
    title=_l("Record check"),
    steps=(
        Step("contact", _l("You and how to reach you"), ContactForm, "reviews/contact.html"),
        Step("insurances", _l("Your five insurances"), VerdictForm, "reviews/insurances.html"),
        Step("months", _l("Your months of the year"), MonthsForm, "reviews/months.html"),
        Step(
            "questions",
            _l("The months you question"),
            QuestionsForm,
            "reviews/questions.html",
            applies=_months_questioned,
        ),
        Step("account", _l("Your individual account"), VerdictForm, "reviews/account.html"),
    ),
    declaration=_l("By sending you say that these answers are yours and true."),
)
