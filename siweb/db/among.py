"""Many values in a statement as one: a table of them, or whether a column is among them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Dialect,
    Integer,
    SelectBase,
    TableValuedAlias,
    Text,
    TypeDecorator,
    bindparam,
    column,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from siweb.db.json_text import json_text


class _Listed(TypeDecorator[list[Any]]):
    """A list of whole numbers or of texts: an array on PostgreSQL, a JSON text on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, *, is_whole: bool) -> None:
        super().__init__()
        self.is_whole = is_whole

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(BigInteger() if self.is_whole else Text()))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        # One text, whatever it holds: a statement with a mark for each value would be made anew
        # for each length, and both databases limit how many there are.
        return value if value is None or dialect.name == "postgresql" else json_text(value)


class _Each(FunctionElement[Any]):
    inherit_cache = True


def each(values: Iterable[int] | Iterable[str]) -> TableValuedAlias:
    """Return values as a table of one column, `value`; nothing says what an empty one holds."""
    listed = list(values)
    is_whole = bool(listed) and isinstance(listed[0], int)
    given = bindparam("listed", listed, _Listed(is_whole=is_whole), unique=True)
    # PostgreSQL calls the only column of a function as the function is called here.
    return _Each(given).table_valued(
        column("value", BigInteger() if is_whole else Text()), name="value"
    )


@compiles(_Each, "sqlite")
def _sqlite(element: _Each, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Each, "postgresql")
def _postgresql(element: _Each, compiler: Any, **options: Any) -> str:
    return f"unnest({compiler.process(element.clauses, **options)})"


class _IsOneOf(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    # A condition by itself: compared with 1, as SQLite's booleans are, it would use no index.
    _is_implicitly_boolean = True


def numbers_named(name: str) -> BindParameter[list[Any]]:
    """Return a parameter that `among` takes for whole numbers: its statement is built once."""
    return bindparam(name, type_=_Listed(is_whole=True))


def among(
    tested: Any, values: Iterable[int] | Iterable[str] | BindParameter[list[Any]]
) -> ColumnElement[bool]:
    """Return the condition that a column of whole numbers or of text is one of the values.

    No subquery: PostgreSQL without statistics joins to one by reading a table from end to end, but
    it knows how many values an array has.
    """
    if isinstance(values, BindParameter):
        return _IsOneOf(tested, values)
    # PostgreSQL compares no number with a text, not even when there is none.
    is_whole = isinstance(tested.type, Integer)
    given = bindparam("listed", list(values), _Listed(is_whole=is_whole), unique=True)
    return _IsOneOf(tested, given)


@compiles(_IsOneOf, "sqlite")
def _sqlite_one_of(element: _IsOneOf, compiler: Any, **options: Any) -> str:
    tested, given = (compiler.process(part, **options) for part in element.clauses)
    return f"({tested} IN (SELECT value FROM json_each({given})))"  # noqa: S608 - a bound value


@compiles(_IsOneOf, "postgresql")
def _postgresql_one_of(element: _IsOneOf, compiler: Any, **options: Any) -> str:
    tested, given = (compiler.process(part, **options) for part in element.clauses)
    return f"({tested} = ANY ({given}))"


class _IsFound(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    _is_implicitly_boolean = True


def among_found(tested: Any, found: SelectBase) -> ColumnElement[bool]:
    """Return the condition that a column is one of what a query of one column finds.

    The query names nothing of the statement around it. PostgreSQL asks it first and by itself, and
    goes with what it found into a key: written as `IN` it is a join, for which PostgreSQL without
    statistics may read a table from end to end, or once for each row.
    """
    return _IsFound(tested, found.scalar_subquery())


@compiles(_IsFound, "sqlite")
def _sqlite_found(element: _IsFound, compiler: Any, **options: Any) -> str:
    tested, found = (compiler.process(part, **options) for part in element.clauses)
    return f"({tested} IN {found})"


@compiles(_IsFound, "postgresql")
def _postgresql_found(element: _IsFound, compiler: Any, **options: Any) -> str:
    tested, found = (compiler.process(part, **options) for part in element.clauses)
    return f"({tested} = ANY (ARRAY{found}))"


def are_found(tested: Sequence[Any], found: SelectBase) -> ColumnElement[bool]:
    """Return the condition that some columns are a row of what a query finds.

    For what is tested row by row, not found by a key. The query names nothing of the statement
    around it: asked whether the condition is true, and not for a join, PostgreSQL asks it once and
    hashes what it found, whatever it knows of tables.
    """
    return tuple_(*tested).in_(found).is_(true())
