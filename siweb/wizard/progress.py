"""Where a person stands in a form: which steps are asked, answered, and may be opened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from siweb.rules.identifiers.typed_text import normalise_lines
from siweb.wizard.answers import Answer
from siweb.wizard.definition import Definition, Step, StepForm, Typed

CHECK = "check"


@dataclass(frozen=True, slots=True)
class Progress:
    """The steps of one case as they stand after its answers."""

    definition: Definition
    facts: Any
    answers: Mapping[str, Answer]
    # The steps that are asked, in order, as far as the answers tell.
    steps: tuple[Step, ...]
    # The answered steps' forms, read from what was typed and validated again.
    forms: Mapping[str, StepForm]

    @property
    def next_name(self) -> str:
        """Return the first step without a good answer, or "check"."""
        for step in self.steps:
            form = self.forms.get(step.name)
            if form is None or form.errors:
                return step.name
        return CHECK

    def may_open(self, name: str) -> bool:
        """Return whether a step makes sense now: all steps before it are answered."""
        names = [step.name for step in self.steps]
        reached = self.next_name
        if reached == CHECK:
            return name == CHECK or name in names
        return name in names and names.index(name) <= names.index(reached)

    def before(self, name: str) -> str | None:
        """Return the step before one, or None at the first."""
        names = [*(step.name for step in self.steps), CHECK]
        place = names.index(name)
        return names[place - 1] if place else None

    def after(self, name: str) -> str:
        """Return the step after one."""
        names = [*(step.name for step in self.steps), CHECK]
        return names[names.index(name) + 1]

    def place(self, name: str) -> int:
        """Return the number of a step, counted from 1."""
        return [step.name for step in self.steps].index(name) + 1

    @property
    def dropped(self) -> list[str]:
        """Return the answered steps that are not asked any more."""
        asked = {step.name for step in self.steps}
        return [name for name in self.answers if name not in asked]


def progress(definition: Definition, facts: Any, answers: Mapping[str, Answer]) -> Progress:
    """Return the progress; every answer is read and validated again by its form."""
    forms: dict[str, StepForm] = {}
    asked: list[Step] = []
    for step in definition.steps:
        if not step.applies(forms, facts):
            continue
        asked.append(step)
        answer = answers.get(step.name)
        if answer is not None:
            forms[step.name] = read_form(step, facts, answer.typed)
    return Progress(definition, facts, answers, tuple(asked), forms)


def read_form(step: Step, facts: Any, typed: Typed) -> StepForm:
    """Return a step's form filled with what was typed, validated."""
    form = fill_form(step, facts, typed)
    form.validate()
    return form


def fill_form(step: Step, facts: Any, typed: Typed) -> StepForm:
    """Return a step's form filled with what was typed."""
    # The form of a saved answer was sent with its token; the answer itself has none.
    form = step.form(MultiDict(_pairs(typed)), meta={"csrf": False})
    form.prepare(facts)
    return form


def typed_of(form: StepForm, sent: Mapping[str, Any]) -> Typed:
    """Return what was typed into the form's own fields, and nothing else that was sent."""
    getlist = sent.getlist  # type: ignore[attr-defined]
    return {
        field.name: [normalise_lines(str(text)) for text in getlist(field.name)]
        for field in form.asked()
        if field.name in sent
    }


def _pairs(typed: Typed) -> Iterable[tuple[str, str]]:
    return [(name, text) for name, texts in typed.items() for text in texts]
