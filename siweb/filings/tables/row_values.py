"""What the rows of filings give, as expressions of statements."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, cast, literal

from siweb.db.types import month_from
from siweb.filings.tables.filing_row import FilingRow


def row_value(name: str) -> Any:
    """Return what a row gives under a name, as text."""
    return FilingRow.row_values[name].as_string()


def row_month(name: str) -> Any:
    """Return a month that a row gives."""
    return month_from(row_value(name))


def row_fen(name: str) -> Any:
    """Return an amount that a row gives, in fen."""
    # Not as_integer: that reads 32 bits on PostgreSQL, 21 million yuan.
    return cast(FilingRow.row_values[name].as_string(), BigInteger)


def has_own_base() -> ColumnElement[bool]:
    """Return the condition that a row gives a base of one insurance: hardly any does.

    By the text of the row: taking it apart for each insurance costs more than all its sums.
    """
    return cast(FilingRow.row_values, String).contains('_base_fen"')


def listed_insurances() -> ColumnElement[str]:
    """Return the insurances that a row lists, as the text of a JSON list."""
    return cast(FilingRow.row_values["insurances"], String)


def names_insurance(listed: ColumnElement[str], insurance: Any) -> ColumnElement[bool]:
    """Return the condition that a JSON list of insurances has one in it, a value or a column."""
    return listed.contains(literal('"', String()) + insurance + '"')
