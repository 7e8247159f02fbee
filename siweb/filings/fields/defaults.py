"""What counts where a list, or a program's row, has nothing for a field: the same at each door."""

from datetime import date
from typing import Any

from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.field import Default
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import fields_of
from siweb.filings.fields.yearly_base import payment_year_start
from siweb.rules.parameters.parameter_set import ParameterSet


def list_defaults(kind: FilingKind, parameters: ParameterSet, on: date) -> dict[str, Any]:
    """Return by field what counts for a list without a column for it; nothing that is asked."""
    found: dict[str, Any] = {}
    for field in fields_of(kind):
        if field.default is Default.ALL_INSURANCES:
            found[field.name] = list(CHOICES[field.choices])
        if field.default is Default.PAYMENT_YEAR:
            found[field.name] = payment_year_start(parameters, on)
    return found


def row_defaults(kind: FilingKind, parameters: ParameterSet, on: date) -> dict[str, Any]:
    """Return what counts for a row that a program sends: it lists insurances itself."""
    year = {field.name for field in fields_of(kind) if field.default is Default.PAYMENT_YEAR}
    defaults = list_defaults(kind, parameters, on)
    return {name: value for name, value in defaults.items() if name in year}
