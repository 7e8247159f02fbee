"""Columns by name: the fields of each kind of filing that sheets have, and how cells are read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from siweb.filings.fields import of_kinds, shared_fields
from siweb.filings.fields.field import Field, FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets import values

Read = Callable[..., Any]


def _simple(function: Callable[..., Any]) -> Read:
    return lambda cell, **_epoch: function(cell)


_READ: Mapping[FieldType, Read] = {
    FieldType.ID_NUMBER: _simple(values.id_number),
    FieldType.NAME: _simple(values.person_name),
    FieldType.DAY: values.day,
    FieldType.MONTH: values.month,
    FieldType.MONEY: values.fen,
    FieldType.WHOLE: values.whole,
    FieldType.INSURANCES: values.insurances,
    FieldType.MOBILE: values.mobile,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field it is of, and how its cells are read."""

    described: Field
    read: Read

    @property
    def field(self) -> str:
        """Return the name of the field."""
        return self.described.name

    @property
    def is_needed(self) -> bool:
        """Return whether every row needs it."""
        return self.described.is_needed

    @property
    def headings(self) -> tuple[str, ...]:
        """Return what it may be called; the first heading is the one of the template."""
        return self.described.headings

    @property
    def repeats(self) -> bool:
        """Return whether many rows say the same here."""
        return self.described.repeats


@cache
def column_of(field: Field) -> Column:
    """Return the column of a field."""
    if field.type is FieldType.CHOICE:
        return Column(field, values.choice(field.choices))
    return Column(field, _READ[field.type])


NAME, ID_NUMBER = column_of(shared_fields.NAME), column_of(shared_fields.ID_NUMBER)
AVERAGE = column_of(of_kinds.AVERAGE)


@cache
def columns_of(kind: FilingKind) -> tuple[Column, ...]:
    """Return the columns of a kind, in the order of its template."""
    return tuple(
        column_of(field)
        for field in of_kinds.fields_of(kind)
        if field.headings and field is not of_kinds.AVERAGE
    )


def columns_read(kind: FilingKind, fields: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns that count where those of some fields are there.

    A yearly base may come as an average alone; beside both total and months it is not read.
    """
    there = set(fields)
    is_average = {"wage_fen"} <= there and not {"total_wage_fen", "months"} <= there
    if kind is FilingKind.BASE and is_average:
        return (NAME, ID_NUMBER, AVERAGE)
    return columns_of(kind)
