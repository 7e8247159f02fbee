"""The months that a person questions: added one by one, each with what is wrong and why."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, Optional, ValidationError

from siweb.registry.codes import Insurance
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.objection import Problem
from siweb.web.forms.fields import MoneyField
from siweb.web.language.formats import month as month_text
from siweb.web.language.formats import yuan
from siweb.web.language.labels import insurance_name
from siweb.wizard.definition import Line, StepForm

PROBLEMS = {
    Problem.MISSING.value: _l("The month is missing"),
    Problem.WRONG_BASE.value: _l("The base is wrong"),
    Problem.NOT_MY_EMPLOYER.value: _l("This is not my employer"),
}
MOST = 24


@dataclass(frozen=True, slots=True)
class Question:
    """One month of one insurance and what is said to be wrong with it."""

    insurance: str
    month: str
    problem: str
    words: str
    claimed_base_fen: int | None = None

    def __str__(self) -> str:
        said = [insurance_name(self.insurance), month_text(self.month), str(PROBLEMS[self.problem])]
        if self.claimed_base_fen is not None:
            said.append(_("wage %(amount)s", amount=yuan(self.claimed_base_fen)))
        return " · ".join([*said, self.words] if self.words else said)


class QuestionsForm(StepForm):
    """What was questioned so far (`kept`), one more, and which of the former to drop."""

    kept = HiddenField()
    drop = HiddenField()
    insurance = SelectField(_l("Insurance"), validate_choice=False)
    month = SelectField(_l("Month"), validate_choice=False)
    problem = RadioField(
        _l("What is wrong?"),
        validate_choice=False,
        choices=[SelectChoice(*one) for one in PROBLEMS.items()],
    )
    claimed_base = MoneyField(
        _l("What was your monthly wage? (in yuan, if you know it)"),
        render_kw={"inputmode": "decimal"},
    )
    words = TextAreaField(
        _l("How do you know?"),
        [Optional(), Length(max=300, message=_l("Use at most %(max)d characters."))],
        description=_l("For example: payslip, contract, the wage on the bank statement."),
        render_kw={"rows": 2},
    )

    def prepare(self, facts: ReviewFacts) -> None:
        """Offer the insurances and the months of the campaign."""
        super().prepare(facts)
        self.insurance.choices = [
            ("", _("Choose an insurance")),
            *((one.value, insurance_name(one.value)) for one in Insurance),
        ]
        self.month.choices = [
            ("", _("Choose a month")),
            *((one, month_text(one)) for one in facts.months),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was added; a month may be questioned once, and something must be."""
        if not super().validate(extra_validators):
            return False
        if not self.questions:
            self.problem.errors = [_("Add at least one month, or go back and say all is right.")]
        elif len(self.questions) > MOST:
            self.words.errors = [_("This is a lot: write the rest in words to the last question.")]
        return not self.errors

    def validate_problem(self, field: Any) -> None:
        """Ask for all three: which insurance, which month, what is wrong."""
        if not self.adds_one:
            return
        if self.insurance.data not in {one.value for one in Insurance}:
            raise ValidationError(_("Choose the insurance."))
        if self.month.data not in self.facts.months:
            raise ValidationError(_("Choose the month."))
        if field.data not in PROBLEMS:
            raise ValidationError(_("Say what is wrong with that month."))

    @property
    def adds_one(self) -> bool:
        """Return whether something was filled in for one more question."""
        return bool(self.insurance.data or self.month.data or self.problem.data or self.words.data)

    @property
    def questions(self) -> list[Question]:
        """Return what is questioned: what was kept and the one added."""
        found = {
            (one.insurance, one.month): one for one in read_questions(self.kept.data, self.facts)
        }
        if self.adds_one and not self.problem.errors:
            one = Question(
                self.insurance.data,
                self.month.data,
                self.problem.data,
                self.words.data or "",
                self.claimed_base.data,
            )
            found[one.insurance, one.month] = one
        return [one for key, one in found.items() if "|".join(key) != self.drop.data]

    @property
    def blank(self) -> "QuestionsForm":
        """Return empty fields for one more question."""
        form = QuestionsForm(formdata=None, meta={"csrf": False})
        form.prepare(self.facts)
        return form

    @property
    def kept_text(self) -> str:
        """Return what is questioned, for the hidden field of the next time."""
        return json.dumps([asdict(one) for one in self.questions], ensure_ascii=False)

    def said(self) -> dict[str, Any]:
        """Return what is questioned."""
        return {"questions": [asdict(one) for one in self.questions]}

    def lines(self) -> list[Line]:
        """Return each questioned month for checking."""
        return [(_("Questioned"), str(one)) for one in self.questions]


def read_questions(text: str | None, facts: ReviewFacts) -> list[Question]:
    """Return the questions of a hidden field; whatever does not read as one is left out."""
    try:
        given = json.loads(text or "[]")
    except ValueError:
        return []
    found = []
    for one in given if isinstance(given, list) else []:
        try:
            question = Question(**one)
        except TypeError:
            continue
        if _is_sound(question, facts):
            found.append(question)
    return found


def _is_sound(question: Question, facts: ReviewFacts) -> bool:
    claimed = question.claimed_base_fen
    return (
        question.insurance in {one.value for one in Insurance}
        and question.month in facts.months
        and question.problem in PROBLEMS
        and isinstance(question.words, str)
        and len(question.words) <= 300  # noqa: PLR2004 - as the field
        and (claimed is None or (isinstance(claimed, int) and 0 <= claimed < 10**14))
    )
