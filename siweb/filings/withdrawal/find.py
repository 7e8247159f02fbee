"""The rows of a filing as the page of a withdrawal lists them."""

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.filings.withdrawal.obstacles import Obstacle, levied_through, standings

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
    through = levied_through(session, filing)
    found = standings(session, filing, through, None if only is None else [only])
    free = sum(standing.obstacle is None for standing in found)
    first = found[:SHOWN]
    written = {
        position: (person_id, values)
        for position, person_id, values in session.execute(
            select(FilingRow.position, FilingRow.person_id, FilingRow.row_values).where(
                FilingRow.filing_id == filing.id,
                among(FilingRow.position, [standing.position for standing in first]),
            )
        )
    }
    rows = [RowToWithdraw(position, *written[position], obstacle) for position, obstacle in first]
    is_whole = only is None and len(found) > SHOWN
    return RowsToWithdraw(rows, free, len(found) - free, is_whole, through)
