"""The rows of a filing as the page of a withdrawal lists them."""

from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy.orm import Session

from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.filings.withdrawal.obstacles import (
    Obstacle,
    levied_through,
    rows_with_obstacles,
)

SHOWN = 50
"""More rows are not chosen from: such a filing is withdrawn whole, or a row from its own page."""


class RowToWithdraw(NamedTuple):
    """A row that was accepted: where it stands, whom it names, and why it stays."""

    position: int
    person_id: int | None
    values: dict[str, Any]
    obstacle: Obstacle | None

    @property
    def label(self) -> str:
        """Return what names the row beside its box."""
        return f"{self.position} · {self.name}"

    @property
    def name(self) -> str:
        """Return the name that its filer wrote."""
        return str(self.values.get("name", ""))


class RowsToWithdraw(NamedTuple):
    """What of a filing can be withdrawn; `is_whole` where rows are not chosen one by one."""

    rows: list[RowToWithdraw]
    free: int
    stay: int
    is_whole: bool
    levied_through: str | None


def rows_to_withdraw(session: Session, filing: Filing, only: int | None) -> RowsToWithdraw:
    """Return the accepted rows of a filing, the first ones by name, or the one at a position."""
    whole = rows_with_obstacles(filing, None if only is None else [only])
    found = session.execute(
        whole.add_columns(
            FilingRow.person_id,
            FilingRow.row_values,
            # Of all of them, however many are shown.
            func.count().over().label("rows"),
            func.count(whole.selected_columns.obstacle).over().label("stay"),
            levied_through(filing).label("through"),
        ).limit(SHOWN + 1)
    ).all()
    count, stay = (found[0].rows, found[0].stay) if found else (0, 0)
    rows = [
        RowToWithdraw(
            row.position, row.person_id, row.row_values, row.obstacle and Obstacle(row.obstacle)
        )
        for row in found[:SHOWN]
    ]
    is_whole = only is None and count > SHOWN
    return RowsToWithdraw(rows, count - stay, stay, is_whole, found[0].through if found else None)
