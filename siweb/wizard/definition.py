"""What a multi-page form consists of: steps in their order, each a form and a template."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from siweb.web.forms.fields import PageForm

Typed = dict[str, list[str]]
"""One step's answers as typed, by field."""

Line = tuple[Any, Any]
"""What was asked and what was answered, for people to check."""


class StepForm(PageForm):
    """A step's form; `facts` are what the subject knows of the case (never typed by anybody)."""

    facts: Any = None

    def prepare(self, facts: Any) -> None:
        """Take in the facts: choices, limits and suggestions depend on them."""
        self.facts = facts

    def lines(self) -> list[Line]:
        """Return the answers for "check your answers"."""
        return [(field.label.text, field.data) for field in self.asked() if field.data]

    def said(self) -> dict[str, Any]:
        """Return the answers as plain values, to be kept for good with the case."""
        return {field.short_name: field.data for field in self.asked()}

    def asked(self) -> list[Any]:
        """Return the fields that a person answers."""
        return [field for field in self if field.short_name != "csrf_token"]


def chosen(field: Any) -> str:
    """Return the label of the option that was chosen."""
    return next((str(one.label.text) for one in field if one.checked), "")


def always(_forms: Mapping[str, StepForm], _facts: Any) -> bool:
    """Return that a step is asked of everybody."""
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One page: `name` stands in its address, `applies` says whether it is asked at all."""

    name: str
    title: Any
    form: type[StepForm]
    template: str
    applies: Callable[[Mapping[str, StepForm], Any], bool] = always


@dataclass(frozen=True, slots=True)
class Definition:
    """One kind of multi-page form."""

    name: str
    title: Any
    steps: Sequence[Step]
    # What stands above the button on the last page: what sending means.
    declaration: Any

    def step(self, name: str) -> Step | None:
        """Return the step of that name, or None: names come from addresses."""
        return next((step for step in self.steps if step.name == name), None)
