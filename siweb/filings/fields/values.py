"""The values of a row: what counts where there is none, what follows, and what is wrong in them.

The same for form, sheet and program.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.field import Default, Field, FieldType, Values
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.filings.fields.of_kinds import fields_in_use, fields_of
from siweb.filings.fields.yearly_base import average_wage, payment_year_start
from siweb.rules.identifiers.typed_text import has_letter
from siweb.rules.parameters.parameter_set import ParameterSet

EMPTY: tuple[object, ...] = (None, "", [])
RULE_CODES = frozenset(
    {
        "cell_missing",
        "name_without_letter",
        "amount_range",
        "number_range",
        "contract_end_missing",
        "contract_end_before_hire",
        "average_differs",
        "category_missing",
        "name_disagrees",
        "base_month",
    }
)
"""What is found again whenever a row is validated: it need not be kept from reading."""
_SHOWN = 30
LONGEST_NAME = 100
LONGEST_NUMBER = 40
# Days and months beyond are mistyped; texts compare as days do only within four digits.
_FIRST_YEAR, _LAST_YEAR = "1900", "2099"


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


def field_findings(
    kind: FilingKind, values: Values, unread: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what is wrong in the fields of a row, each field at most once.

    `unread` are fields that have a value which could not be read: they are not missing.
    """
    for field in fields_in_use(kind, {*values, *unread}):
        if field.name in unread:
            continue
        value = values.get(field.name)
        found = None
        if value not in EMPTY:
            found = value_finding(field, value)
        elif field.is_needed:
            found = finding("cell_missing", ERROR, field=field.name)
        if found is None and field.rule is not None:
            found = field.rule(values)
        if found is not None:
            yield found


def value_finding(field: Field, value: object) -> Finding | None:
    """Return what is wrong with a value that was read, by the type of its field."""
    if field.choices:
        chosen = value if isinstance(value, list) else [value]
        strange = [code for code in chosen if code not in CHOICES[field.choices]]
        text = str(strange[0])[:_SHOWN] if strange else ""
        return finding("cell_choice", ERROR, field=field.name, text=text) if strange else None
    if isinstance(value, str):
        return _text_finding(field, value)
    if field.most and isinstance(value, int) and not field.least <= value <= field.most:
        code = "amount_range" if field.type is FieldType.MONEY else "number_range"
        return finding(code, ERROR, field=field.name)
    return None


def _text_finding(field: Field, value: str) -> Finding | None:
    if field.type is FieldType.NAME:
        if len(value) > LONGEST_NAME:
            return finding("name_too_long", ERROR, field=field.name)
        if not has_letter(value):
            return finding("name_without_letter", ERROR, field=field.name)
    is_dated = field.type in {FieldType.DAY, FieldType.MONTH}
    if is_dated and not _FIRST_YEAR <= value[:4] <= _LAST_YEAR:
        return finding(f"cell_{field.type.value}", ERROR, field=field.name, text=value)
    return None


def completed(kind: FilingKind, values: Values) -> dict[str, Any]:
    """Return a row with what follows from its own values: the average of a yearly base."""
    whole = dict(values)
    total, months = whole.get("total_wage_fen"), whole.get("months")
    if kind is FilingKind.BASE and isinstance(total, int) and isinstance(months, int) and months:
        # An average that stands there is kept: its rule holds it to total and months.
        whole.setdefault("wage_fen", average_wage(total, months))
    return whole
