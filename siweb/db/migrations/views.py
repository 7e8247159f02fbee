"""Views for people who read with SQL: `v_<table>` has words for codes, months and regions in clear.

They are no part of the schema that migrations move: a table that is built anew must have none on
it. They go before the first migration and are made again, as the tables are then, after the last.
"""

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    String,
    cast,
    func,
    inspect,
    select,
)

from siweb.db.codes import Code, word_of
from siweb.db.types import Day, Instant, Month, RegionCode, written_day, written_instant

PREFIX = "v_"


def drop_views(connection: Connection) -> None:
    """Take away the views of every table."""
    for name in inspect(connection).get_view_names():
        if name.startswith(PREFIX):
            connection.exec_driver_sql(f"DROP VIEW {name}")


def make_views(connection: Connection, metadata: MetaData) -> None:
    """Make a view of every table that has codes or months in it."""
    for table in metadata.sorted_tables:
        if any(isinstance(column.type, Code | Month) for column in table.columns):
            query = select(*(_in_clear(column) for column in table.columns))
            written = query.compile(connection, compile_kwargs={"literal_binds": True})
            connection.exec_driver_sql(f"CREATE VIEW {PREFIX}{table.name} AS {written}")


def _in_clear(column: Column[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, Code):
        return word_of(column).label(column.name)
    if isinstance(column.type, RegionCode):
        return cast(column, String()).label(column.name)
    if isinstance(column.type, Month):
        digits = cast(column, String())
        return (func.substr(digits, 1, 4) + "-" + func.substr(digits, 5)).label(column.name)
    if isinstance(column.type, Day):
        return written_day(column).label(column.name)
    if isinstance(column.type, Instant):
        return written_instant(column).label(column.name)
    return column
