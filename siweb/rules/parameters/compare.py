"""What differs between two packs, row by row.

A row is known by its table, series, first month and day of publication: with another one of
these it is another row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from siweb.rules.parameters.row import Row, Series

RowKey = tuple[str, Series, str, date]


class ChangeKind(StrEnum):
    """Whether a row came, went, or says something else."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One difference; `before` is None for an added row, `after` for a removed one."""

    kind: ChangeKind
    key: RowKey
    before: Row | None
    after: Row | None

    @property
    def rewrites(self) -> bool:
        """Tell whether it changes what was once published, rather than adding to it."""
        return self.kind is not ChangeKind.ADDED


def compare_rows(before: Iterable[Row], after: Iterable[Row]) -> list[RowChange]:
    """Return every difference in order of table, series, month and publication."""
    old, new = _by_key(before), _by_key(after)
    changes: list[RowChange] = []
    for key in sorted(old.keys() | new.keys()):
        old_row, new_row = old.get(key), new.get(key)
        if old_row is None:
            changes.append(RowChange(ChangeKind.ADDED, key, None, new_row))
        elif new_row is None:
            changes.append(RowChange(ChangeKind.REMOVED, key, old_row, None))
        elif _figures(old_row) != _figures(new_row):
            changes.append(RowChange(ChangeKind.CHANGED, key, old_row, new_row))
    return changes


def _by_key(rows: Iterable[Row]) -> dict[RowKey, Row]:
    return {(row.table, row.series, row.effective_from, row.published_on): row for row in rows}


def _figures(row: Row) -> tuple[object, ...]:
    # Not what the notice is called or how sure it is: no amount goes by that.
    return row.effective_to, dict(row.values)
