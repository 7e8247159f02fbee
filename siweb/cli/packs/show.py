"""The rows of packs that are in force, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from siweb.registry.packs.written import written
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.row import Row
from siweb.rules.parameters.staleness import staleness_of
from siweb.rules.parameters.tables import TABLES


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
        figures = ", ".join(f"{key} {text}" for key, text in written(row).items())
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
            "values": written(row),
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


def _period(row: Row) -> str:
    return (
        f"{row.effective_from} to {row.effective_to}"
        if row.effective_to
        else (f"from {row.effective_from}")
    )
