"""What a multi-page form consists of: steps in their order, each a form and perhaps a template.

An answer is one field of a step's form: its label, its control, its line on "check your answers"
and the value that is kept all derive from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField

from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.language.formats import day, yuan

Typed = dict[str, list[str]]
"""One step's answers as typed, by field."""

Line = tuple[Any, Any]
"""What was asked and what was answered, for people to check."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A field that is asked only after certain answers to another one.

    With a `summary` it is folded away until then; with `missing` it must be answered then, and
    that is the sentence when it is not.
    """

    of: str
    answers: tuple[str, ...]
    missing: Any = None
    summary: Any = None

    def applies(self, form: "StepForm") -> bool:
        """Return whether the answer that leads to it was given."""
        return str(form[self.of].data) in self.answers


class StepForm(PageForm):
    """A step's form; `facts` are what the subject has on record of the case, typed by nobody."""

    follow_ups: ClassVar[Mapping[str, FollowUp]] = {}
    facts: Any = None

    def prepare(self, facts: Any) -> None:
        """Take in the facts: choices, limits and suggestions depend on them."""
        self.facts = facts

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, and ask for the follow-ups that the answers lead to."""
        is_valid = bool(super().validate(extra_validators))
        for name, follow_up in self.follow_ups.items():
            field = self[name]
            if follow_up.missing is None or field.errors or field.data:
                continue
            if follow_up.applies(self):
                field.errors = [follow_up.missing]
                is_valid = False
        return is_valid

    def lines(self) -> list[Line]:
        """Return the answers for "check your answers"."""
        return [answer_line(field) for field in self.answered()]

    def values(self) -> dict[str, Any]:
        """Return the answers as plain values, to be kept for good with the case."""
        return {field.short_name: field.data for field in self.asked()}

    def asked(self) -> list[Any]:
        """Return the fields that a person answers."""
        return [field for field in self if field.short_name != "csrf_token"]

    def answered(self) -> list[Any]:
        """Return the fields with an answer that counts."""
        return [
            field
            for field in self.asked()
            if field.data not in (None, "", [], False)
            # Nobody typed what a hidden field carries.
            and not isinstance(field, HiddenField)
            and self.applies(field.short_name)
        ]

    def applies(self, name: str) -> bool:
        """Return whether a field is asked after the answers to the others."""
        follow_up = self.follow_ups.get(name)
        return follow_up is None or follow_up.applies(self)


def answer_line(field: Any) -> Line:
    """Return what was asked and the answer as people read it."""
    if isinstance(field, BooleanField):
        return _("Declaration"), field.label.text
    if isinstance(field, RadioField | SelectField | SelectMultipleField):
        return field.label.text, chosen(field)
    if isinstance(field, MoneyField):
        return field.label.text, yuan(field.data)
    if isinstance(field.data, date):
        return field.label.text, day(field.data)
    return field.label.text, field.data


def chosen(field: Any) -> str:
    """Return the labels of the options that were chosen."""
    return str(_(", ")).join(str(option.label.text) for option in field if option.checked)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a step shows, in two parts (siweb/web/drawn.py).

    Whatever differs from person to page stands in `given`, if few have it so, or in `places`:
    what the template makes of both is kept for all who are given the same.
    """

    given: Mapping[str, Any]
    places: Mapping[str, Any]


def always(_forms: Mapping[str, StepForm], _facts: Any) -> bool:
    """Return that a step is asked of everybody."""
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One page: `name` stands in its address, `applies` says whether it is asked at all.

    The template adds what is shown above the questions; the frame asks every field by itself.
    """

    name: str
    title: Any
    form: type[StepForm]
    template: str = "wizard/step.html"
    applies: Callable[[Mapping[str, StepForm], Any], bool] = always
    # For the step that nearly everybody opens: its page is drawn once for all who see the same.
    # `given` says all that the form shows, the choice made too; errors are never kept.
    shown: Callable[[Any, Any], Shown] | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """One kind of multi-page form."""

    name: str
    title: Any
    steps: Sequence[Step]
    # What stands above the button on the last page: what sending means.
    declaration: Any
    # The figures of the law in it, from the packs as they are on the day of the case.
    figures: Callable[[Any], Mapping[str, Any]] | None = None

    def step(self, name: str) -> Step | None:
        """Return the step of that name, or None: names come from addresses."""
        return next((step for step in self.steps if step.name == name), None)
