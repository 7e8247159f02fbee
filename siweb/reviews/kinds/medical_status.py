"""Medical status (医保身份核对): as what a resident or a flexible worker is insured this year.

Whoever has no employer may join the employees' medical insurance alone (SIL 23) or be insured as a
resident (SIL 25), whose own part the government pays or lowers for some. Nobody is in two at once.
"""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.registry.codes import Scheme
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.contact import CONTACT
from siweb.rules.contributions.flexible import YOUNGEST, full_years
from siweb.web.forms.contact_fields import TOO_LONG
from siweb.wizard.definition import Definition, FollowUp, Step, StepForm

RESIDENT, STUDENT, FLEXIBLE, EMPLOYER, ELSEWHERE = (
    "resident", "student", "flexible", "employer", "elsewhere",
)  # fmt: skip
STATUSES = {
    RESIDENT: _l("As a resident: I have no employer"),
    STUDENT: _l("As a student or a child, as a resident"),
    FLEXIBLE: _l("As a flexible worker: I pay alone"),
    EMPLOYER: _l("Through an employer"),
    ELSEWHERE: _l("In another city, without an employer"),
}
_SCHEMES = {
    RESIDENT: Scheme.RESIDENT,
    # A student is a resident to the register; schools only collect the premium.
    STUDENT: Scheme.RESIDENT,
    FLEXIBLE: Scheme.FLEXIBLE,
    EMPLOYER: Scheme.EMPLOYEE,
    ELSEWHERE: None,
}
NONE, ALLOWANCE, DESTITUTE, DISABLED, OLD, MINOR = (
    "none", "allowance", "destitute", "disabled", "old", "minor",
)  # fmt: skip
# Those of SIL 25, and people in special hardship, for whom all of it is paid (国办发〔2021〕42号).
RELIEFS = {
    NONE: _l("None of these"),
    ALLOWANCE: _l("My family receives the minimum living allowance"),
    DESTITUTE: _l("I am supported as a person in special hardship"),
    DISABLED: _l("I am disabled and cannot work"),
    OLD: _l("I am 60 or older, in a family of low income"),
    MINOR: _l("I am under 18, in a family of low income"),
}
STATUS_STEPS = {
    "status": _l("How you have medical insurance"),
    "relief": _l("Whether your own part is subsidised"),
}
# SIL 25 names old people from 60, and minors (未成年人), in families of low income.
_OLD_FROM, _OF_AGE = 60, 18


def agrees(status: str, scheme: Scheme | None) -> bool:
    """Return whether a stated status is what the register has."""
    return _SCHEMES[status] is scheme


def suits(relief: str, age: int) -> bool:
    """Return whether a ground for a subsidy can be that of somebody of an age (SIL 25)."""
    return {OLD: age >= _OLD_FROM, MINOR: age < _OF_AGE}.get(relief, True)


class StatusForm(StepForm):
    """As what somebody is insured; the register's own answer is chosen already."""

    status = RadioField(
        STATUS_STEPS["status"],
        [InputRequired(_l("Choose how you have medical insurance."))],
    )
    place = StringField(_l("Which employer, or which city?"), [Length(max=100, message=TOO_LONG)])
    follow_ups: ClassVar = {
        "place": FollowUp(
            "status",
            (EMPLOYER, ELSEWHERE),
            _l("Write the employer’s name, or the city."),
            _l("If you are insured through an employer or elsewhere, write where"),
        )
    }

    def prepare(self, facts: ReviewFacts) -> None:
        """Offer what can be, and choose what was stated before or the register has."""
        super().prepare(facts)
        is_working_age = full_years(facts.person.born_on, facts.on) >= YOUNGEST
        self.status.choices = [
            SelectChoice(code, words)
            for code, words in STATUSES.items()
            # Nobody works before that age (劳动法 15).
            if is_working_age or code not in {FLEXIBLE, EMPLOYER}
        ]
        if not self.status.raw_data:
            stated = facts.earlier_answers.get("status", {})
            self.status.data = stated.get("status") or facts.medical_scheme
            self.place.data = self.place.data or stated.get("place")


class ReliefForm(StepForm):
    """On what ground one's own part is subsidised, if on any."""

    relief = RadioField(
        _l("Is one of these true for you?"), [InputRequired(_l("Choose one, or none of these."))]
    )
    words = StringField(
        _l("Since when, and by which office? (optional)"), [Length(max=200, message=TOO_LONG)]
    )
    follow_ups: ClassVar = {
        "words": FollowUp(
            "relief", tuple(code for code in RELIEFS if code != NONE), None,
            _l("If one of these is true: since when (optional)"),
        )
    }  # fmt: skip

    def prepare(self, facts: ReviewFacts) -> None:
        """Offer the grounds that somebody of this age can have."""
        super().prepare(facts)
        age = full_years(facts.person.born_on, facts.on)
        self.relief.choices = [
            SelectChoice(code, words) for code, words in RELIEFS.items() if suits(code, age)
        ]
        if not self.relief.raw_data:
            self.relief.data = facts.earlier_answers.get("relief", {}).get("relief", NONE)


def _is_resident(forms: Any, _facts: ReviewFacts) -> bool:
    # Only residents' own part is subsidised; whoever pays alone or has an employer pays a rate.
    status = forms.get("status")
    return status is not None and status.status.data in {RESIDENT, STUDENT}


DEFINITION = Definition(
    name="medical_status",
    title=_l("Medical insurance status"),
    steps=(
        CONTACT,
        Step(
            "status",
            _l("Your medical insurance"),
            StatusForm,
            "reviews/steps/status.html",
        ),
        Step(
            "relief",
            _l("A subsidy of your own part"),
            ReliefForm,
            "reviews/steps/relief.html",
            _is_resident,
        ),
    ),
    declaration=_l("By sending you confirm that these answers are yours and true."),
)
