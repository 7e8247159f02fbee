"""Rows of packs as people write them: yuan, percents, days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.numbers.rates import percent_from_ppm
from siweb.rules.parameters import values
from siweb.rules.parameters.compare import ChangeKind, RowChange
from siweb.rules.parameters.row import Row
from siweb.rules.parameters.tables import TABLES

_SIGNS = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~"}


def written(row: Row) -> dict[str, str]:
    """Return the figures of a row by their keys."""
    table = TABLES[row.table]
    readers = {**table.values, **table.optional}
    return {key: _text_of(readers[key], value) for key, value in row.values.items()}


def changes_as_lines(changes: Iterable[RowChange]) -> Iterator[str]:
    """Yield a line for each difference: + added, - removed, ~ changed, with what changed."""
    for change in changes:
        what = f"{_SIGNS[change.kind]} {name_of(change)}"
        yield f"{what}: {_figures_of(change)}"


def name_of(change: RowChange) -> str:
    """Return which row a difference is about."""
    table, series, effective_from, published_on = change.key
    name = ".".join((table, *series))
    return f"{name} from {effective_from}, published {published_on}"


def before_and_after(change: RowChange) -> tuple[str, str]:
    """Return what a row says before and after; of one that stays, only the figures that differ."""
    before, after = _all_written(change.before), _all_written(change.after)
    if change.kind is ChangeKind.CHANGED:
        differing = {key for key in before | after if before.get(key) != after.get(key)}
        before, after = (
            {key: text for key, text in each.items() if key in differing}
            for each in (before, after)
        )
    return _joined(before), _joined(after)


def _joined(figures: dict[str, str]) -> str:
    return ", ".join(f"{key} {text}" for key, text in figures.items()) or "—"


def _figures_of(change: RowChange) -> str:
    before = _all_written(change.before)
    after = _all_written(change.after)
    if change.kind is not ChangeKind.CHANGED:
        return _joined(before or after)
    keys = [key for key in (before | after) if before.get(key) != after.get(key)]
    return ", ".join(f"{key} {before.get(key, '-')} -> {after.get(key, '-')}" for key in keys)


def _all_written(row: Row | None) -> dict[str, str]:
    if row is None:
        return {}
    end = {"effective_to": row.effective_to} if row.effective_to else {}
    return written(row) | end


def _text_of(reader: values.Reader, value: Any) -> str:
    return _WRITERS[reader](value) if reader in _WRITERS else str(value)


def _percent(ppm: int) -> str:
    return f"{percent_from_ppm(ppm)}%"


_WRITERS: dict[values.Reader, Callable[[Any], str]] = {
    values.money: yuan_from_fen,
    values.rate: _percent,
    values.rates: lambda found: " ".join(map(_percent, found)),
    values.pairs: lambda found: " ".join(f"{first}:{second}" for first, second in found),
    values.days: lambda found: " ".join(map(str, sorted(found))),
    values.flag: lambda found: "yes" if found else "no",
}
