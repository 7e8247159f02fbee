"""Rows of a filing: one person each, with what the check found."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    and_,
    cast,
    func,
    literal,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from siweb.db.base import Base
from siweb.db.codes import CODES, code, is_listed
from siweb.db.sealing.columns import PartlySealed, seal_text, unseal_text
from siweb.db.sealing.field_keys import DIGEST_LENGTH
from siweb.db.types import RegionCode, month_from
from siweb.queue.portions import Positions

NUMBER = "id_number"


class RowValues(PartlySealed):
    """By field what a row gives; its number is text of its filer, which may be no number at all."""

    cache_ok = True

    def sealed(self, value: dict[str, Any]) -> dict[str, Any]:
        typed = value.get(NUMBER)
        return {**value, NUMBER: seal_text(str(typed))} if typed else value

    def unsealed(self, kept: dict[str, Any]) -> dict[str, Any]:
        typed = kept.get(NUMBER)
        return {**kept, NUMBER: unseal_text(typed)} if typed else kept


class RowFindings(PartlySealed):
    """Findings, with what stood where a number could not be read."""

    cache_ok = True

    def sealed(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [_about_number(found, seal_text) for found in value]

    def unsealed(self, kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [_about_number(found, unseal_text) for found in kept]


def _about_number(found: dict[str, Any], change: Any) -> dict[str, Any]:
    facts = found["facts"]
    if facts.get("field") != NUMBER or not facts.get("text"):
        return found
    return {**found, "facts": {**facts, "text": change(facts["text"])}}


# As written in their indexes: SQLite takes an index with a condition only where it stands so.
_IS_APPLIED = text(f"state = {CODES['row_state']['applied']}")
IS_WITHDRAWN = text(f"state = {CODES['row_state']['withdrawn']}")


class RowState(StrEnum):
    GOOD = "good"
    REFUSED = "refused"
    APPLIED = "applied"
    # Undone by the employer before its month was levied.
    WITHDRAWN = "withdrawn"


class FilingRow(Base):
    __tablename__ = "filing_row"
    __table_args__ = (
        Index("ix_filing_row_person", "person_id"),
        # Few of many thousand: each list of filings counts them.
        Index(
            "ix_filing_row_late",
            "filing_id",
            sqlite_where=text("is_late = 1"),
            postgresql_where=text("is_late"),
        ),
        Index(
            "ix_filing_row_withdrawn",
            "filing_id",
            sqlite_where=IS_WITHDRAWN,
            postgresql_where=IS_WITHDRAWN,
        ),
        # The same person, kind and month of an employer is applied once, whatever it came in.
        Index(
            # Over applied rows alone: refused and withdrawn ones of the same key may be any number.
            "uq_filing_row_applied",
            "row_key",
            "region_code",
            unique=True,
            sqlite_where=_IS_APPLIED,
            postgresql_where=_IS_APPLIED,
        ),
    )

    # Rows are wide: on SQLite they lie apart from the key, where they take less room and time.
    filing_id: Mapped[int] = mapped_column(
        ForeignKey("filing.id"), primary_key=True, autoincrement=False
    )
    # Where it stands in the filing, or in its sheet.
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The employer's.
    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True, autoincrement=False
    )
    # None while the register does not know the person.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # By field, as JSON: days 'YYYY-MM-DD', months 'YYYY-MM', money in fen, ID number sealed.
    row_values: Mapped[dict[str, Any]] = mapped_column(RowValues())
    # [{"code", "level": "error" | "warning" | "info", "facts"}, ...]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(RowFindings())
    state: Mapped[RowState] = mapped_column(
        code(RowState, "row_state"), is_listed("state", "row_state")
    )
    is_late: Mapped[bool] = mapped_column(default=False)
    # Of the ID number that the row gives, whoever's it is.
    number_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    # A hash of employer, that digest, kind and month.
    row_key: Mapped[str] = mapped_column(String(64))


KEY = ("filing_id", "position", "region_code")


def within(positions: Positions | None) -> ColumnElement[bool]:
    """Return the condition that a row stands between two places of its filing; None is anywhere."""
    return true() if positions is None else FilingRow.position.between(*positions)


def is_row_in(state: RowState, row: Any = None) -> ColumnElement[bool]:
    """Return the condition that a row, found by its filing or its person, is in a state.

    Written so that no index of one state answers it: PostgreSQL without statistics takes each of
    them for nearly empty, and went over all of them for every row.
    """
    row = FilingRow if row is None else row
    wanted = literal(state, FilingRow.state.type)
    return func.coalesce(row.state, wanted) == wanted


def of_row(table: str) -> ForeignKeyConstraint:
    """Return the reference of a table to the row of a filing that each row of it is about."""
    return ForeignKeyConstraint(KEY, [f"filing_row.{name}" for name in KEY], f"fk_{table}_row")


def is_about_row(other: Any) -> ColumnElement[bool]:
    """Return the condition that a row of another table is about a row of a filing."""
    return and_(*(getattr(other, name) == getattr(FilingRow, name) for name in KEY))


def following_rows(
    session: Session, filing_id: int, state: RowState, last: int, most: int
) -> Positions | None:
    """Return from where to where the next rows in a state stand behind a place; None behind all."""
    rows = (
        select(FilingRow.position)
        .where(
            FilingRow.filing_id == filing_id,
            FilingRow.position > last,
            FilingRow.state == state,
        )
        .order_by(FilingRow.position)
        .limit(most)
        .subquery()
    )
    first, through = session.execute(
        select(func.min(rows.c.position), func.max(rows.c.position))
    ).one()
    return None if first is None else (int(first), int(through))


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
