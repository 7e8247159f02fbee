"""The database's side of `siweb.rules.numbers.arithmetic`, so that one formula serves both.

`share_of(clamp(whole(base), ...))` over columns becomes an expression of INSERT … SELECT. Operands
are whole numbers from zero up to 64 bits.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Function, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class _Least(Function[int]):
    inherit_cache = True


class _Greatest(Function[int]):
    inherit_cache = True


class SqlArithmetic:
    """Least and greatest as expressions: LEAST and GREATEST, or SQLite's MIN and MAX."""

    def least(self, left: Any, right: Any) -> ColumnElement[int]:
        """Return an expression for the smaller of the two."""
        return _Least("least", left, right, type_=BigInteger())

    def greatest(self, left: Any, right: Any) -> ColumnElement[int]:
        """Return an expression for the larger of the two."""
        return _Greatest("greatest", left, right, type_=BigInteger())


SQL = SqlArithmetic()


def whole(column: Any) -> ColumnElement[int]:
    """Return `column` as a 64-bit whole number, so that fen times ppm does not overflow."""
    return cast(column, BigInteger)


@compiles(_Least, "sqlite")
def _sqlite_least(element: _Least, compiler: SQLCompiler, **kw: Any) -> str:
    # With several arguments SQLite's MIN is the smallest of them, with one an aggregate.
    return compiler.process(func.min(*element.clauses), **kw)


@compiles(_Greatest, "sqlite")
def _sqlite_greatest(element: _Greatest, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(func.max(*element.clauses), **kw)
