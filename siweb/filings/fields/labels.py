"""What fields and their choices are called, in the reader's language (not for the sheet reader)."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from siweb.filings.fields.choices import CHOICE_LABELS
from siweb.filings.fields.field import Field
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import fields_of


def choice_labels(name: str) -> dict[str, Any]:
    """Return by code what the choices of a list are called."""
    return {code: _l(label) for code, label in CHOICE_LABELS[name].items()}


def form_label(field: Field) -> Any:
    """Return what a field is called where it is filled in."""
    return _l(field.form_label or field.label)


# By name alone, for findings: the first kind that has the field says what it is called.
FIELDS: Mapping[str, Any] = {
    field.name: _l(field.label)
    for kind in reversed(FilingKind)
    for field in reversed(fields_of(kind))
}
