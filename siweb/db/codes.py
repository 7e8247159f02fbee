"""Closed words of large tables as small numbers: the numbers are written down here, once.

Python and the pages know the words alone. People who read with SQL have the views
(`migrations/views.py`) and the table `code_name`. A number is never given to another word; a new
word gets the next one, by a migration that widens the checks.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    SmallInteger,
    String,
    TypeDecorator,
    case,
    delete,
    insert,
    type_coerce,
)
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base

Word = TypeVar("Word", bound=StrEnum)
# From 1 without gaps, so that BETWEEN says what is known: SQLite builds the list of an IN anew for
# every row.
CODES: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "insurance": {
            "pension": 1, "medical": 2, "unemployment": 3, "work_injury": 4, "maternity": 5,
        },
        "scheme": {"employee": 1, "flexible": 2, "resident": 3},
        "record_kind": {"regular": 1, "back_payment": 2, "adjustment": 3, "reversal": 4},
        "entry_kind": {
            "opening": 1, "credit": 2, "interest": 3, "provisional_interest": 4,
            "transfer_in": 5, "transfer_out": 6, "inheritance": 7, "reversal": 8,
        },
        "fund_entry_kind": {"premium": 1, "late_fee": 2},
        "allocation_kind": {"premium": 1, "late_fee": 2},
        "row_state": {"good": 1, "refused": 2, "applied": 3, "withdrawn": 4},
        "rounding": {"half_up_fen": 1, "half_up_jiao": 2, "up_jiao": 3, "half_up_yuan": 4},
        "scope": {"person": 1, "employer_total": 2},
    }
)  # fmt: skip


class CodeName(Base):
    """What a number stands for, for people who read with SQL."""

    __tablename__ = "code_name"
    __table_args__ = CLUSTERED

    list: Mapped[str] = mapped_column("list", String(24), primary_key=True)
    code: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(String(24))


class Code(TypeDecorator[Word]):
    """A word of a closed list, kept as its number; any other is refused on the way in."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, words: type[Word], list_name: str) -> None:
        super().__init__()
        self.words = words
        self.list_name = list_name
        self._codes = CODES[list_name]
        # When the module is loaded, not when the first row with a new word comes.
        if set(self._codes) != {word.value for word in words}:
            raise TypeError(f"{list_name} has other words than {words.__name__}")
        self._by_code = {self._codes[word.value]: word for word in words}

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        # A member is its text: both are found under it.
        return None if value is None else self._codes[value]

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Word | None]:
        # Asked for every row: a dictionary's own method costs a third of a function.
        words: dict[Any, Word | None] = {None: None, **self._by_code}
        return words.__getitem__


def name_codes(connection: Connection) -> None:
    """Write down what every number stands for."""
    connection.execute(delete(CodeName))
    connection.execute(
        insert(CodeName),
        [
            {"list": name, "code": number, "word": word}
            for name, words in CODES.items()
            for word, number in words.items()
        ],
    )


def code(words: type[Word], list_name: str) -> Code[Word]:
    """Return the column type of a closed list whose numbers stand in `CODES`."""
    return Code(words, list_name)


def is_listed(column: str, list_name: str = "") -> CheckConstraint:
    """Return the check that a column has one of a list's numbers; it is named as the column.

    The list is called as the column if nothing else is said.
    """
    codes = CODES[list_name or column]
    return CheckConstraint(f"{column} BETWEEN 1 AND {len(codes)}", name=column)


def word_of(column: Any) -> ColumnElement[str]:
    """Return a coded column's word, in SQL."""
    words = {number: word for word, number in CODES[column.type.list_name].items()}
    return case(words, value=type_coerce(column, Integer()))
