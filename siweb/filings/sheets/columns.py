"""The fields of each kind of filing that sheets have columns for, and how cells are read."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from siweb.filings.fields import of_kinds, shared_fields
from siweb.filings.fields.field import Field, FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.own_bases import OWN_BASES
from siweb.filings.sheets import values

Read = Callable[..., Any]


_READ: Mapping[FieldType, Read] = {
    FieldType.ID_NUMBER: values.id_number,
    FieldType.NAME: values.person_name,
    FieldType.DAY: values.day,
    FieldType.MONTH: values.month,
    FieldType.MONEY: values.fen,
    FieldType.WHOLE: values.whole,
    FieldType.INSURANCES: values.insurances,
    FieldType.MOBILE: values.mobile,
}
NAME, ID_NUMBER, AVERAGE = shared_fields.NAME, shared_fields.ID_NUMBER, of_kinds.AVERAGE


@cache
def reader_of(field: Field) -> Read:
    """Return what reads the cells of a field's column."""
    return values.choice(field.choices) if field.type is FieldType.CHOICE else _READ[field.type]


@cache
def columns_of(kind: FilingKind) -> tuple[Field, ...]:
    """Return the fields with a column in the sheets of a kind, in the order of its template."""
    return tuple(
        field for field in of_kinds.fields_of(kind) if field.headings and field is not AVERAGE
    )


def columns_read(kind: FilingKind, fields: Iterable[str]) -> tuple[Field, ...]:
    """Return the columns that count where those of some fields are there.

    A yearly base may come as an average alone; beside both total and months it is not read.
    """
    there = set(fields)
    is_average = {"wage_fen"} <= there and not {"total_wage_fen", "months"} <= there
    if kind is FilingKind.BASE and is_average:
        return (NAME, ID_NUMBER, AVERAGE, *OWN_BASES.values())
    return columns_of(kind)
