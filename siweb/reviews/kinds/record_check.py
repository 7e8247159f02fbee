"""Record check (权益对账): an employee compares the year and says what is wrong, if anything."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.contact import CONTACT, IF_WRONG, RIGHT, WHAT_IS_WRONG, WRONG
from siweb.reviews.kinds.months_shown import shown_months
from siweb.reviews.kinds.questions import QuestionsForm
from siweb.web.forms.contact_fields import TOO_LONG
from siweb.wizard.definition import Definition, FollowUp, Step, StepForm


class VerdictForm(StepForm):
    """Right, or wrong and why."""

    verdict = RadioField(
        _l("Is this right?"),
        [InputRequired(_l("Choose whether this is right."))],
        choices=[
            SelectChoice(RIGHT, _l("Yes, all of it is right")),
            SelectChoice(WRONG, _l("Something is wrong")),
        ],
        default=RIGHT,
    )
    words = TextAreaField(
        _l("What is wrong?"), [Length(max=500, message=TOO_LONG)], render_kw={"rows": 3}
    )
    follow_ups: ClassVar = {"words": FollowUp("verdict", (WRONG,), WHAT_IS_WRONG, IF_WRONG)}


class MonthsForm(StepForm):
    """All months right, or some questioned on the next page."""

    verdict = RadioField(
        _l("Are the months right?"),
        [InputRequired(_l("Choose whether the months are right."))],
        choices=[
            SelectChoice(RIGHT, _l("Yes, all months are right")),
            SelectChoice(WRONG, _l("No, I want to question months")),
        ],
    )

    def prepare(self, facts: ReviewFacts) -> None:
        """Choose "right" beforehand, unless the page itself shows that months are missing."""
        super().prepare(facts)
        # A "yes, all right" below a month marked missing would be sent by whoever only presses on.
        if not self.verdict.raw_data and not facts.missing_months:
            self.verdict.data = RIGHT


def _months_questioned(forms: Any, _facts: Any) -> bool:
    months = forms.get("months")
    return months is not None and months.verdict.data == WRONG


DEFINITION = Definition(
    name="record_check",
    title=_l("Record check"),
    steps=(
        CONTACT,
        Step(
            "insurances",
            _l("Your five insurances"),
            VerdictForm,
            "reviews/steps/insurances.html",
        ),
        Step(
            "months",
            _l("Your months of the year"),
            MonthsForm,
            "reviews/steps/months.html",
            shown=shown_months,
        ),
        Step(
            "questions",
            _l("The months you question"),
            QuestionsForm,
            "reviews/steps/questions.html",
            applies=_months_questioned,
        ),
        Step("account", _l("Your individual account"), VerdictForm, "reviews/steps/account.html"),
    ),
    declaration=_l("By sending you confirm that these answers are yours and true."),
)
