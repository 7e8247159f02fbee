"""Estimate and decision beside each other, each difference explained."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from siweb.documents.payload import Value
from siweb.pensions.labels import LINES, WHY
from siweb.rules.numbers.rates import fraction_from_ppm
from siweb.web.language.explanations import age_text, months_text
from siweb.web.language.formats import yuan

_FOLLOWS = {"payout_months", "basic_fen", "account_fen", "total_fen", "age"}
_MONTHS = {"months_here", "months_elsewhere", "deemed_months", "minimum_months"}

_YEAR = 12


class FigureLine(NamedTuple):
    """One figure: as it was estimated, as it was decided, and why they differ."""

    name: str
    label: Any
    estimated: str
    decided: str
    why: Any


def lines_of(*figures: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the lines to show: what comes from a person's file only where somebody typed it."""
    return [
        (name, label)
        for name, label in LINES.items()
        # Calculations that were kept before this was asked for do not have it.
        if name != "early_index_ppm" or any(each.get(name) is not None for each in figures)
    ]


def figure_lines(figures: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Return the lines of one calculation, as people read them."""
    return [(label, figure_text(name, figures[name])) for name, label in lines_of(figures)]


def compare(estimate: Mapping[str, Any], decided: Mapping[str, Any]) -> list[FigureLine]:
    """Return every figure of a calculation beside that of the estimate."""
    return [
        FigureLine(
            name,
            label,
            figure_text(name, estimate.get(name)),
            figure_text(name, decided.get(name)),
            why_it_differs(name, estimate, decided),
        )
        for name, label in lines_of(estimate, decided)
    ]


def figure_text(name: str, value: Any) -> str:
    """Return a figure as people read it."""
    if value is None:
        return "—"
    if name.endswith("_fen"):
        return yuan(value)
    if name in _MONTHS:
        return months_text(value)
    if name in {"index_ppm", "early_index_ppm"}:
        return fraction_from_ppm(value)
    if name == "age":
        return age_text(value)
    return str(value)


def figure_value(name: str, value: Any) -> Value:
    """Return a figure as a paper keeps it, to be read in every language."""
    if value is None:
        return "—"
    if name.endswith("_fen"):
        return {"fen": value}
    if name in _MONTHS:
        return {"months": value}
    if name == "age":
        years, months = divmod(value, _YEAR)
        return {"zh_Hans": f"{years}岁{months}个月", "en": f"{years} years {months} months"}
    return figure_text(name, value)


def why_it_differs(name: str, estimate: Mapping[str, Any], decided: Mapping[str, Any]) -> Any:
    """Return why a figure was decided otherwise than estimated; None where it was not."""
    if estimate.get(name) == decided.get(name):
        return None
    of_file = decided["is_index_by_hand"] or decided.get("early_index_ppm") is not None
    if name == "transitional_fen" or (name == "index_ppm" and of_file):
        return WHY["by_hand"]
    return WHY["follows" if name in _FOLLOWS else name]
