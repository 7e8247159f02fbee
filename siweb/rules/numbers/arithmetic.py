"""One formula for Python ints and for database columns.

The formulas of the levy are written with operators that both understand (+, *, //) and with the
few functions that they spell differently, which come in through `Arithmetic`. `INTEGERS` is the
Python side; the database side is `siweb.db.arithmetic`. Operands are never negative: Python's //
rounds down and a database's / cuts off, which agree only from zero upwards.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from siweb.rules.numbers.rates import PPM


class Arithmetic(Protocol):
    """The functions that Python and SQL spell differently."""

    def least(self, first: Any, second: Any) -> Any:
        """Return the smaller of the two."""

    def greatest(self, first: Any, second: Any) -> Any:
        """Return the larger of the two."""


class _Integers:
    def least(self, first: Any, second: Any) -> Any:
        return min(first, second)

    def greatest(self, first: Any, second: Any) -> Any:
        return max(first, second)


INTEGERS: Arithmetic = _Integers()


class Rounding(StrEnum):
    """How an amount becomes payable: half up to fen, jiao or yuan, or always up (见分进角).

    These are the modes of notices and of agencies' practice; half-even is no mode of any notice.
    """

    HALF_UP_FEN = "half_up_fen"
    HALF_UP_JIAO = "half_up_jiao"
    UP_JIAO = "up_jiao"
    HALF_UP_YUAN = "half_up_yuan"

    @property
    def unit_fen(self) -> int:
        """The coin that is rounded to, in fen."""
        return _UNITS_FEN[self]


_UNITS_FEN = {
    Rounding.HALF_UP_FEN: 1,
    Rounding.HALF_UP_JIAO: 10,
    Rounding.UP_JIAO: 10,
    Rounding.HALF_UP_YUAN: 100,
}


def clamp(amount: Any, floor: Any, ceiling: Any, arithmetic: Arithmetic = INTEGERS) -> Any:
    """Return `amount`, but not below `floor` and never above `ceiling`; all in fen."""
    return arithmetic.least(arithmetic.greatest(amount, floor), ceiling)


def rounded_quotient(numerator: Any, denominator: int, rounding: Rounding) -> Any:
    """Return numerator / denominator fen, rounded once; the numerator is zero or more."""
    unit = denominator * rounding.unit_fen
    # n // u rounds down; adding half a unit first rounds half up, all but one rounds up.
    addend = unit - 1 if rounding is Rounding.UP_JIAO else unit // 2
    quotient = (numerator + addend) // unit
    return quotient if rounding.unit_fen == 1 else quotient * rounding.unit_fen


def share_of(base: Any, rate_ppm: Any, rounding: Rounding = Rounding.HALF_UP_FEN) -> Any:
    """Return base (fen) times rate (ppm), rounded once."""
    return rounded_quotient(base * rate_ppm, PPM, rounding)
