"""What the templates of reviews write words with."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint

from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.twelve_months import grid_of
from siweb.registry.codes import Insurance
from siweb.reviews.labels import (
    AGAIN,
    KIND_HINTS,
    KINDS,
    OBJECTION_STATES,
    OBJECTION_TONES,
    PROBLEMS,
    REASONS,
    STATES,
    TASK_RESULTS,
    TASKS,
    TONES,
    Reason,
    event_label,
    life_sign_source,
)
from siweb.reviews.objections.shown import (
    employer_rows,
    insurance_names,
    objection_about,
    objection_rows,
)
from siweb.reviews.tables.review import ReviewEvent
from siweb.web.charts.marks import Grid

_LABELS: dict[str, dict[Any, Any]] = {
    "review_kind": KINDS,
    "review_hint": KIND_HINTS,
    "review_again": AGAIN,
    "review_state": STATES,
    "problem": PROBLEMS,
    "objection_state": OBJECTION_STATES,
    "task_kind": TASKS,
    "task_result": TASK_RESULTS,
}


def install(blueprint: Blueprint) -> None:
    """Give the labels to every template as filters."""
    for name, labels in _LABELS.items():
        blueprint.add_app_template_filter(labels.__getitem__, name)
    for filter_ in (
        review_tone,
        objection_tone,
        review_reason,
        marks_grid,
        event_words,
        insurance_names,
        objection_about,
        objection_rows,
        employer_rows,
        life_sign_source,
    ):
        blueprint.add_app_template_filter(filter_)


def review_tone(state: Any) -> str:
    """Return the colour of a case's state."""
    return TONES.get(state, "")


def objection_tone(state: Any) -> str:
    """Return the colour of an objection's state."""
    return OBJECTION_TONES.get(state, "")


def review_reason(code: str | None) -> Reason | None:
    """Return why a case stands where it does, and what to do; None before it was sent."""
    return REASONS.get(code or "")


def marks_grid(given: tuple[Iterable[str], Iterable[tuple[str, Iterable[str]]]]) -> Grid:
    """Return the grid of months and states as `ReviewFacts.marks_given` has them."""
    months, lines = given
    return grid_of(
        months,
        [
            (Insurance(insurance), [MarkState(state) for state in states])
            for insurance, states in lines
        ],
    )


def event_words(event: ReviewEvent) -> Any:
    """Return what a line of the timeline tells."""
    return event_label(event.from_state, event.to_state, event.facts)
