"""What a calculation answers, as JSON or as lines to read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from siweb.rules.explanation import Step
from siweb.rules.sources import Confidence


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures by their words, ready for JSON, and the steps that led to them."""

    figures: dict[str, Any]
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return everything as JSON would hold it."""
        warnings = self.all_warnings()
        return {
            "result": self.figures,
            **({"warnings": list(warnings)} if warnings else {}),
            "explanation": [_step_as_json(step) for step in self.steps],
        }

    def all_warnings(self) -> tuple[str, ...]:
        """Return the warnings, with those about figures that were made up or are uncertain."""
        used = {step.parameter.confidence for step in self.steps if step.parameter}
        doubtful = (Confidence.DEMONSTRATION, Confidence.UNCERTAIN)
        return (*self.warnings, *(each.value for each in doubtful if each in used))

    def as_lines(self) -> Iterator[str]:
        """Yield the figures one a line, then the steps."""
        yield from (f"{name}: {value}" for name, value in flatten(self.figures).items())
        yield from (f"warning: {warning}" for warning in self.all_warnings())
        for number, step in enumerate(self.steps, 1):
            yield _step_as_line(number, step)


def one_or_list(values: Iterable[Any]) -> Any:
    """Return the only value as it is, several as a list: one question, one answer."""
    found = list(values)
    return found[0] if len(found) == 1 else found


def dump(found: Mapping[str, Any], *, indent: int | None = None) -> str:
    """Return JSON that keeps Chinese readable."""
    return json.dumps(found, ensure_ascii=False, indent=indent)


def flatten(figures: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return nested figures under names with dots, as a sheet's columns need them."""
    flat: dict[str, str] = {}
    for name, value in figures.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = _as_cell(value)
    return flat


def _as_cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(dump(item) if isinstance(item, dict) else str(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _step_as_json(step: Step) -> dict[str, Any]:
    source = step.parameter
    parameter = {name: _plain(value) for name, value in asdict(source).items()} if source else None
    return {
        "label": step.label,
        "formula": step.formula,
        "inputs": {name: str(quantity) for name, quantity in step.inputs.items()},
        "result": str(step.result),
        "rule": step.rule,
        "parameter": parameter,
    }


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)


def _step_as_line(number: int, step: Step) -> str:
    inputs = ", ".join(f"{name} = {quantity}" for name, quantity in step.inputs.items())
    rule = f"  [{step.rule}]" if step.rule else ""
    source = f"  ({step.parameter.notice})" if step.parameter else ""
    return f"  {number}. {step.label} = {step.formula} = {step.result}; {inputs}{rule}{source}"
