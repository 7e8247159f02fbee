"""The rows that a filing applies, with what each gives taken apart once for all statements.

On PostgreSQL the rows of a long list are copied into a table of the transaction's own: nothing of
it is logged, and it has statistics, where those of `filing_row` still say that nothing is applied.
A planner that went by these compared every row with every enrolment.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Date,
    FromClause,
    MetaData,
    Select,
    String,
    Table,
    TableValuedAlias,
    Text,
    case,
    cast,
    column,
    func,
    insert,
    join,
    select,
    text,
    true,
    type_coerce,
)
from sqlalchemy.orm import Session

from siweb.db.statistics import MANY_ROWS
from siweb.db.types import Month, month_from
from siweb.filings.fields.own_bases import OWN_BASES
from siweb.filings.tables.filing_row import FilingRow
from siweb.filings.tables.row_values import listed_insurances, row_value

_TEXTS = ("form", "mobile", "end_reason", "new_name", "retirement_category")
_DAYS = ("hired_on", "ended_on")
_MONTHS = ("start_month", "stop_month")
_FEN = ("wage_fen", *(field.name for field in OWN_BASES.values()))


@contextmanager
def accepted_rows(
    session: Session, is_applied: ColumnElement[bool], rows: int
) -> Iterator[FromClause]:
    """Hold the rows that were just applied, so many of them: all of a filing, or a portion.

    What each gives is a column here; `other_name` is a name that the register does not know.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if rows < MANY_ROWS or not is_postgresql:
        yield _accepted(is_applied, row_value, listed_insurances()).subquery("accepted")
        return
    given = _read_apart()
    listed = cast(given.c.insurances, String)
    query = _accepted(is_applied, given.c.__getitem__, listed).select_from(
        join(FilingRow, given, true())
    )
    connection, table = session.connection(), _table()
    table.create(connection)
    connection.execute(
        insert(table).from_select(table.columns.keys(), query.order_by(FilingRow.position))
    )
    connection.execute(text(f"ANALYZE {table.name}"))
    yield table
    # Not on a failure: then it goes with whatever else the transaction did.
    table.drop(connection)


def _accepted(
    is_applied: ColumnElement[bool], given: Callable[[str], Any], listed: Any
) -> Select[Any]:
    # Found by the validation, which compared the names: statements cannot, some of a row is sealed.
    is_named_otherwise = cast(FilingRow.findings, String).contains('"name_differs"')
    return select(
        FilingRow.filing_id,
        FilingRow.position,
        FilingRow.person_id,
        *(given(name).label(name) for name in _TEXTS),
        *(type_coerce(func.date(given(name)), Date()).label(name) for name in _DAYS),
        *(month_from(given(name)).label(name) for name in _MONTHS),
        *(cast(given(name), BigInteger).label(name) for name in _FEN),
        case((is_named_otherwise, given("name"))).label("other_name"),
        listed.label("listed"),
    ).where(is_applied)


def _read_apart() -> TableValuedAlias:
    """Return what a row gives, read from its JSON once: one by one it is read for each of them."""
    texts = (column(name, Text()) for name in (*_TEXTS, *_DAYS, *_MONTHS, *_FEN, "name"))
    given = func.json_to_record(FilingRow.row_values).table_valued(
        *texts, column("insurances", JSON()), name="given"
    )
    return given.render_derived(with_types=True)


def _table() -> Table:
    return Table(
        "accepted",
        MetaData(),
        Column("filing_id", BigInteger()),
        Column("position", BigInteger()),
        Column("person_id", BigInteger()),
        *(Column(name, String()) for name in _TEXTS),
        *(Column(name, Date()) for name in _DAYS),
        *(Column(name, Month()) for name in _MONTHS),
        *(Column(name, BigInteger()) for name in _FEN),
        Column("other_name", String()),
        Column("listed", String()),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
