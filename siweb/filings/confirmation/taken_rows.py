"""The rows that a filing applies, with what each gives taken apart once for all statements.

On PostgreSQL the rows of a long list are copied into a table of the transaction's own: nothing of
it is logged, and it has statistics, where those of `filing_row` still say that nothing is applied.
A planner that went by these compared every row with every enrolment.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    FromClause,
    MetaData,
    Select,
    String,
    Table,
    case,
    cast,
    func,
    insert,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import Session

from siweb.db.statistics import MANY_ROWS
from siweb.db.types import Month
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.tables.row_values import (
    listed_insurances,
    row_fen,
    row_month,
    row_value,
)

_TEXTS = ("form", "mobile", "end_reason", "new_name", "retirement_category")
_DAYS = ("hired_on", "ended_on")
_MONTHS = ("start_month", "stop_month")


@contextmanager
def taken_rows(session: Session, filing: Filing, rows: int) -> Iterator[FromClause]:
    """Hold the applied rows of a filing, so many of them; no other ones of it were applied before.

    Each is a column of its own here; `other_name` is the one that the register does not know.
    """
    query = _taken(filing)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if rows < MANY_ROWS or not is_postgresql:
        yield query.subquery("taken")
        return
    connection, table = session.connection(), _table()
    table.create(connection)
    connection.execute(
        insert(table).from_select(table.columns.keys(), query.order_by(FilingRow.position))
    )
    connection.execute(text(f"ANALYZE {table.name}"))
    yield table
    # Not on a failure: then it goes with whatever else the transaction did.
    table.drop(connection)


def _taken(filing: Filing) -> Select[tuple[object, ...]]:
    is_named_otherwise = cast(FilingRow.findings, String).contains('"name_differs"')
    return select(
        FilingRow.filing_id,
        FilingRow.position,
        FilingRow.person_id,
        *(row_value(name).label(name) for name in _TEXTS),
        *(type_coerce(func.date(row_value(name)), Date()).label(name) for name in _DAYS),
        *(row_month(name).label(name) for name in _MONTHS),
        row_fen("wage_fen").label("wage_fen"),
        case((is_named_otherwise, row_value("name"))).label("other_name"),
        listed_insurances().label("listed"),
    ).where(FilingRow.filing_id == filing.id, FilingRow.state == RowState.APPLIED)


def _table() -> Table:
    return Table(
        "taken",
        MetaData(),
        Column("filing_id", BigInteger()),
        Column("position", BigInteger()),
        Column("person_id", BigInteger()),
        *(Column(name, String()) for name in _TEXTS),
        *(Column(name, Date()) for name in _DAYS),
        *(Column(name, Month()) for name in _MONTHS),
        Column("wage_fen", BigInteger()),
        Column("other_name", String()),
        Column("listed", String()),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
