"""The months that a person questions: ticked in the record itself, then what is wrong and why.

One question is one month and one problem, in all insurances that it concerns: a month that is
missing in five insurances is asked, answered and decided once.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from siweb.ledgers.labels import MARKS
from siweb.ledgers.mark_state import MarkState
from siweb.registry.codes import Insurance
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.objection import Problem
from siweb.rules.identifiers.typed_text import normalise_lines
from siweb.rules.numbers.money import LARGEST_FEN
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
LONGEST_WORDS = 300
_INSURANCES = tuple(insurance.value for insurance in Insurance)
# In which states of a month each problem can be: the insurances that a question concerns.
_STATES_OF = {
    Problem.MISSING.value: ({MarkState.MISSING}, {MarkState.NOT_ENROLLED, MarkState.NOT_DUE}),
    Problem.WRONG_BASE.value: ({MarkState.PAID, MarkState.BACK_PAID, MarkState.UNPAID},),
    Problem.NOT_MY_EMPLOYER.value: ({MarkState.PAID, MarkState.BACK_PAID, MarkState.UNPAID},),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One month, what is said to be wrong with it and in which insurances; the base in fen."""

    month: str
    problem: str
    insurances: tuple[str, ...]
    words: str
    claimed_base_fen: int | None = None

    @property
    def key(self) -> str:
        """Return what tells it from the other questions of the case."""
        return f"{self.month}|{self.problem}"

    def __str__(self) -> str:
        parts = [month_text(self.month), str(PROBLEMS[self.problem])]
        parts.append(_(", ").join(insurance_name(insurance) for insurance in self.insurances))
        if self.claimed_base_fen is not None:
            parts.append(_("wage %(amount)s", amount=yuan(self.claimed_base_fen)))
        return " · ".join([*parts, self.words] if self.words else parts)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the record as a row to tick: its states in words, its pension base in fen."""

    month: str
    states: tuple[tuple[str, str, str], ...]
    base_fen: int


class TicksField(SelectMultipleField):
    """Several of a few, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class QuestionsForm(StepForm):
    """The ticked months with what is wrong; `kept` are the questions before, `keep` those to keep.

    Nothing here deletes: a question is given up by unticking it.
    """

    kept = HiddenField()
    keep = TicksField(_l("Your questions so far"), validate_choice=False)
    months = TicksField(_l("Which months do you question?"), validate_choice=False)
    problem = RadioField(
        _l("What is wrong with the selected months?"),
        validate_choice=False,
        choices=[SelectChoice(*choice) for choice in PROBLEMS.items()],
    )
    insurances = TicksField(
        _l("Only in some insurances?"),
        validate_choice=False,
        description=_l("Select none to question every insurance concerned."),
    )
    claimed_base = MoneyField(
        _l("What was your monthly wage? (in yuan, if you know it)"),
        render_kw={"inputmode": "decimal"},
    )
    words = TextAreaField(
        _l("How do you know?"),
        [Length(max=LONGEST_WORDS, message=_l("Use at most %(max)d characters."))],
        description=_l("For example: payslip, contract, the wage on the bank statement."),
        render_kw={"rows": 2},
    )

    def prepare(self, facts: ReviewFacts) -> None:
        """Offer the months of the campaign, the insurances, and the questions so far."""
        super().prepare(facts)
        self.months.choices = [(month, month_text(month)) for month in facts.months]
        self.insurances.choices = [(value, insurance_name(value)) for value in _INSURANCES]
        self.keep.choices = [(question.key, str(question)) for question in self._kept]

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate what was ticked; something must be questioned."""
        if not super().validate(extra_validators):
            return False
        if self.adds_months and not self.months.data:
            self.months.errors = [_("Select at least one month.")]
        elif self.adds_months and self.problem.data not in PROBLEMS:
            self.problem.errors = [_("Choose what is wrong with the selected months.")]
        elif not self.questions:
            self.months.errors = [
                _("Select at least one month, or go back and confirm that all is right.")
            ]
        return not self.errors

    @property
    def adds_months(self) -> bool:
        """Return whether something was filled in beside the questions so far."""
        return bool(
            self._ticked
            or self.problem.data in PROBLEMS
            or self.words.data
            or self.claimed_base.data is not None
        )

    @property
    def questions(self) -> list[Question]:
        """Return what is questioned: the kept ones, and one for each ticked month."""
        kept = set(self.keep.data or ())
        found = {question.key: question for question in self._kept if question.key in kept}
        if self.problem.data in PROBLEMS:
            for month in self._ticked:
                question = self._question(month)
                found[question.key] = question
        return sorted(found.values(), key=lambda question: question.key)

    @property
    def rows(self) -> list[MonthRow]:
        """Return the months of the record, each with its states; to be ticked."""
        return [month_row(self.facts, month) for month in self.facts.months]

    @property
    def shown(self) -> "QuestionsForm":
        """Return what the page shows: this form while something in it is unfinished, else a blank.

        Months that are ticked with their problem move up among the questions so far.
        """
        unfinished = self.adds_months and not (self._ticked and self.problem.data in PROBLEMS)
        return self if self.errors or unfinished or not self.questions else self.blank

    @property
    def blank(self) -> "QuestionsForm":
        """Return the questions so far, all kept, and empty fields for further ones."""
        form = QuestionsForm(formdata=None, meta={"csrf": False})
        form.kept.data = json.dumps(
            [asdict(question) for question in self.questions], ensure_ascii=False
        )
        form.prepare(self.facts)
        form.keep.data = [question.key for question in self.questions]
        return form

    def values(self) -> dict[str, Any]:
        """Return what is questioned."""
        return {"questions": [asdict(question) for question in self.questions]}

    def lines(self) -> list[Line]:
        """Return each questioned month for checking."""
        return [(_("Questioned"), str(question)) for question in self.questions]

    @property
    def _ticked(self) -> list[str]:
        return [month for month in self.months.data or () if month in self.facts.months]

    @cached_property
    def _kept(self) -> list[Question]:
        return read_questions(self.kept.data, self.facts)

    def _question(self, month: str) -> Question:
        ticked = [value for value in self.insurances.data or () if value in _INSURANCES]
        return Question(
            month,
            self.problem.data,
            tuple(ticked) or concerned_insurances(self.facts, month, self.problem.data),
            self.words.data or "",
            self.claimed_base.data,
        )


def concerned_insurances(facts: ReviewFacts, month: str, problem: str) -> tuple[str, ...]:
    """Return in which insurances a month can have a problem, by its record; all when in none."""
    # The second set only where nothing is marked missing: then it is the months without enrolment
    # that are meant.
    for states in _STATES_OF[problem]:
        found = [
            line.insurance.value
            for line in facts.year.insurances
            if any(mark.month == month and mark.state in states for mark in line.months)
        ]
        if found:
            return tuple(found)
    return _INSURANCES


def month_row(facts: ReviewFacts, month: str) -> MonthRow:
    """Return a month of the record: which insurances stand in which state."""
    marks = [
        (mark.state, line.insurance.value, mark.base_fen)
        for line in facts.year.insurances
        for mark in line.months
        if mark.month == month
    ]
    # What deviates is read first: missing, then open, then what is paid.
    order = list(reversed(MarkState))
    marks.sort(key=lambda mark: order.index(mark[0]))
    states = []
    for state, group in groupby(marks, key=lambda mark: mark[0]):
        insurances = [insurance for _state, insurance, _base in group]
        words = MARKS[state]
        states.append((words.sign, str(words.says), _names(insurances)))
    base = next((base for _state, value, base in marks if value == Insurance.PENSION), 0)
    return MonthRow(month, tuple(states), base)


def read_questions(text: str | None, facts: ReviewFacts) -> list[Question]:
    """Return the questions of a hidden field; whatever does not read as one is not used."""
    try:
        given = json.loads(text or "[]")
    # Nested too deeply for the reader, it is no list of questions either.
    except (ValueError, RecursionError):
        return []
    found = []
    for item in given if isinstance(given, list) else []:
        question = _sound_question(item, facts)
        if question is not None:
            found.append(question)
    return found


def _names(insurances: Iterable[str]) -> str:
    listed = list(insurances)
    if len(listed) == len(_INSURANCES):
        return str(_("all five insurances"))
    return str(_(", ")).join(insurance_name(insurance) for insurance in listed)


def _sound_question(item: Any, facts: ReviewFacts) -> Question | None:
    # The hidden field comes back from a browser: nothing in it is trusted, and what JSON escapes
    # (a NUL, half a surrogate pair) has not passed the normaliser yet.
    if not isinstance(item, dict) or not isinstance(item.get("insurances"), list):
        return None
    month, problem, words = (item.get(name) for name in ("month", "problem", "words"))
    if not (isinstance(month, str) and isinstance(problem, str) and isinstance(words, str)):
        return None
    claimed = item.get("claimed_base_fen")
    insurances = tuple(value for value in _INSURANCES if value in item["insurances"])
    is_sound = (
        month in facts.months
        and problem in PROBLEMS
        and bool(insurances)
        and len(insurances) == len(item["insurances"])
        and len(words) <= LONGEST_WORDS
        # By type, since True is an int as well.
        and (claimed is None or (type(claimed) is int and 0 <= claimed <= LARGEST_FEN))
    )
    if not is_sound:
        return None
    return Question(month, problem, insurances, normalise_lines(words), claimed)
