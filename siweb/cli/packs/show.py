"""Rows of packs as people write them: yuan, percents, days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.numbers.rates import percent_from_ppm
from siweb.rules.parameters import values
from siweb.rules.parameters.compare import ChangeKind, RowChange
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.row import Row
from siweb.rules.parameters.staleness import staleness_of
from siweb.rules.parameters.tables import TABLES

_SIGNS = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~"}


def rows_in_force(parameters: ParameterSet) -> list[Row]:
    """Return every row in force, in the order of the tables, the region's before the nation's."""
    packs, region = parameters.packs, parameters.region
    found = (
        parameters.optional_row(table, *series)
        for table in TABLES
        for series in packs.series_of(region, table)
    )
    return [row for row in found if row is not None]


def rows_as_lines(rows: Iterable[Row], parameters: ParameterSet) -> Iterator[str]:
    """Yield a heading for each table and a line for each row, with what is only provisional."""
    shown = ""
    for row in rows:
        if row.table != shown:
            shown = row.table
            yield f"{shown}: {TABLES[shown].about}"
        figures = ", ".join(f"{key} {text}" for key, text in _written(row).items())
        source = row.source
        inherited = "" if source.region == parameters.region else f", from {source.region}"
        since = _stale_since(row, parameters)
        provisional = f"; provisional since {since}, until the notice" if since else ""
        yield (
            f"  {' '.join((*row.series, figures))}"
            f"  [{_period(row)}; {source.notice}, {source.published_on}, {source.confidence}"
            f"{inherited}{provisional}]"
        )


def _stale_since(row: Row, parameters: ParameterSet) -> str | None:
    found = staleness_of(parameters, row.table, *row.series)
    return None if found is None else found.since


def rows_as_json(rows: Iterable[Row], parameters: ParameterSet) -> list[dict[str, Any]]:
    """Return the rows for JSON, amounts in yuan and rates in percent as text."""
    return [
        {
            "table": row.table,
            "series": dict(zip(TABLES[row.table].series, row.series, strict=True)),
            "values": _written(row),
            "region": row.source.region,
            "effective_from": row.effective_from,
            "effective_to": row.effective_to,
            "published_on": row.published_on.isoformat(),
            "notice": row.source.notice,
            "confidence": row.source.confidence.value,
            "note": row.note,
            "stale_since": _stale_since(row, parameters),
        }
        for row in rows
    ]


def changes_as_lines(changes: Iterable[RowChange]) -> Iterator[str]:
    """Yield a line for each difference: + added, - removed, ~ changed, with what changed."""
    for change in changes:
        table, series, effective_from, published_on = change.key
        name = ".".join((table, *series))
        what = f"{_SIGNS[change.kind]} {name} from {effective_from}, published {published_on}"
        yield f"{what}: {_figures_of(change)}"


def _figures_of(change: RowChange) -> str:
    before = _all_written(change.before)
    after = _all_written(change.after)
    if change.kind is not ChangeKind.CHANGED:
        return ", ".join(f"{key} {text}" for key, text in (before or after).items())
    keys = [key for key in (before | after) if before.get(key) != after.get(key)]
    return ", ".join(f"{key} {before.get(key, '-')} -> {after.get(key, '-')}" for key in keys)


def _all_written(row: Row | None) -> dict[str, str]:
    if row is None:
        return {}
    end = {"effective_to": row.effective_to} if row.effective_to else {}
    return _written(row) | end


def _written(row: Row) -> dict[str, str]:
    table = TABLES[row.table]
    readers = {**table.values, **table.optional}
    return {key: _text_of(readers[key], value) for key, value in row.values.items()}


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


def _period(row: Row) -> str:
    return (
        f"{row.effective_from} to {row.effective_to}"
        if row.effective_to
        else (f"from {row.effective_from}")
    )
