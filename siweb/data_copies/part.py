"""A part of a copy: one table, and which of its rows are about the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Table, select, tuple_, union
from sqlalchemy.schema import Column

from siweb import schema
from siweb.db.among import among
from siweb.ledgers.lookup import of_person
from siweb.ledgers.tables.contribution_record import RECORDS

# What no copy shows, by how a column's name ends: what opens something would open it for whoever
# finds the file too, and a keyed digest says nothing to anybody but the office.
WITHHELD = ("hash", "digest", "row_key", "credential_id", "public_key")


@dataclass(frozen=True, slots=True)
class Whose:
    """A person: all keys that are theirs, the one that stands first, and their accounts."""

    people: Sequence[int]
    accounts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a copy.

    :param by: columns that hold a person's key; `by_account` those that hold an account's.
    :param through: tables of parts before this one, to whose rows these belong.
    :param without: columns that are left out besides those that end as `WITHHELD` says.
    :param own: a column that is empty where the row is the person's and nobody else's.
    """

    name: str
    title: Any
    by: tuple[str, ...] = ()
    by_account: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    own: str = ""

    @property
    def table(self) -> Table:
        """Return the table as the schema has it."""
        return schema.metadata.tables[self.name]

    @property
    def columns(self) -> list[Column[Any]]:
        """Return the columns that a copy has, in the order of the table."""
        return [
            column
            for column in self.table.columns
            if column.name not in self.without
            and not column.name.endswith(WITHHELD)
            and column.computed is None
        ]


def rows_of(part: Part, parts: Mapping[str, Part], whose: Whose) -> Select[Any]:
    """Return the statement that reads a part's rows, in the order of their key."""
    return (
        select(*part.columns)
        .where(*_are_theirs(part, parts, whose))
        .order_by(*part.table.primary_key)
    )


def keys_within(
    part: Part, parts: Mapping[str, Part], whose: Whose, columns: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    """Return some columns of a part's rows, to be asked within another statement."""
    return select(*columns).where(*_are_theirs(part, parts, whose))


def _are_theirs(part: Part, parts: Mapping[str, Part], whose: Whose) -> list[Any]:
    table = part.table
    if table is RECORDS:
        # They lie by region and month: `of_person` knows the short way to one person's.
        return [of_person(whose.people[0], record=RECORDS.c)]
    ways = [
        *(among(table.c[name], whose.people) for name in part.by),
        *(among(table.c[name], whose.accounts) for name in part.by_account),
        *(_belongs_to(table, parts[name], parts, whose) for name in part.through),
    ]
    own = [table.c[part.own].is_(None)] if part.own else []
    if len(ways) == 1:
        return [*ways, *own]
    # By their keys: of conditions with "or" between them PostgreSQL would follow no index.
    keys = list(table.primary_key)
    found: CompoundSelect[Any] = union(*(select(*keys).where(way, *own) for way in ways))
    return [_among_keys(keys, found)]


def _belongs_to(table: Table, other: Part, parts: Mapping[str, Part], whose: Whose) -> Any:
    """Return the condition that a row points at one of another part's rows."""
    constraint = next(
        found for found in table.foreign_key_constraints if found.referred_table is other.table
    )
    pointing = [element.parent for element in constraint.elements]
    pointed_at = [element.column for element in constraint.elements]
    return _among_keys(pointing, keys_within(other, parts, whose, pointed_at))


def _among_keys(columns: Sequence[Column[Any]], found: Any) -> Any:
    return columns[0].in_(found) if len(columns) == 1 else tuple_(*columns).in_(found)
