"""What a row says, line by line, in the reader's words."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb.filings.fields.choices import CHOICE_LABELS
from siweb.filings.fields.field import Field, FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import fields_of
from siweb.filings.fields.shared_fields import ID_NUMBER, NAME
from siweb.web.language.formats import day, month, yuan


def row_lines(kind: FilingKind, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield label and text of everything that a row says, but who it is about."""
    for field in fields_of(kind):
        if field not in (NAME, ID_NUMBER) and values.get(field.name) is not None:
            yield str(_l(field.label)), value_text(field, values[field.name])
    if "present_fen" in values:
        yield str(_l("Base so far")), yuan(values["present_fen"])


def value_text(field: Field, value: Any) -> str:
    """Return a value as people read it."""
    if field.type is FieldType.DAY:
        return day(date.fromisoformat(value))
    if field.type is FieldType.MONTH:
        return month(value)
    if field.type is FieldType.MONEY:
        return yuan(value)
    labels = CHOICE_LABELS.get(field.choices, {})
    if field.type is FieldType.INSURANCES:
        return str(_(", ")).join(str(_l(labels[code])) for code in value)
    return str(_l(labels[value])) if value in labels else str(value)
