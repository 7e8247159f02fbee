"""Steps of a calculation as rows keep them: they read the same after the packs have changed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from siweb.rules.explanation import Step
from siweb.rules.numbers.quantity import Quantity, Unit
from siweb.rules.sources import Confidence, Source

Kept = dict[str, Any]


def keep_steps(steps: Iterable[Step]) -> list[Kept]:
    """Return steps as JSON holds them."""
    return [
        {
            "label": step.label,
            "formula": step.formula,
            "inputs": {name: _keep(quantity) for name, quantity in step.inputs.items()},
            "result": _keep(step.result),
            "rule": step.rule,
            "parameter": _keep_source(step.parameter) if step.parameter else None,
        }
        for step in steps
    ]


def steps_of(kept: Iterable[Mapping[str, Any]]) -> list[Step]:
    """Return the steps that `keep_steps` kept."""
    return [
        Step(
            step["label"],
            step["formula"],
            {name: _read(quantity) for name, quantity in step["inputs"].items()},
            _read(step["result"]),
            step["rule"],
            _read_source(step["parameter"]) if step["parameter"] else None,
        )
        for step in kept
    ]


def _keep(quantity: Quantity) -> Kept:
    value = quantity.value
    written = value.isoformat() if isinstance(value, date) else value
    return {"value": written, "unit": quantity.unit.value}


def _read(kept: Mapping[str, Any]) -> Quantity:
    unit, value = Unit(kept["unit"]), kept["value"]
    return Quantity(date.fromisoformat(value) if unit is Unit.DAY else value, unit)


def _keep_source(source: Source) -> Kept:
    return {
        "region": source.region,
        "key": source.key,
        "effective_from": source.effective_from,
        "effective_to": source.effective_to,
        "published_on": source.published_on.isoformat(),
        "notice": source.notice,
        "confidence": source.confidence.value,
    }


def _read_source(kept: Mapping[str, Any]) -> Source:
    return Source(
        kept["region"],
        kept["key"],
        kept["effective_from"],
        kept["effective_to"],
        date.fromisoformat(kept["published_on"]),
        kept["notice"],
        Confidence(kept["confidence"]),
    )
