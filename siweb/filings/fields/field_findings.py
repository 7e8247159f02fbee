"""What the fields of one row miss or break: the same for form, sheet and program."""

from collections.abc import Collection, Iterator
from typing import Any

from siweb.filings.fields.field import Values
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.filings.fields.of_kinds import fields_in_use
from siweb.filings.fields.rules import value_finding
from siweb.filings.fields.yearly_base import average_wage

EMPTY: tuple[object, ...] = (None, "", [])
RULE_CODES = frozenset(
    {
        "cell_missing",
        "name_without_letter",
        "amount_range",
        "number_range",
        "contract_end_missing",
        "average_differs",
        "category_missing",
        "name_disagrees",
        "base_month",
    }
)
"""What is found again whenever a row is validated: it need not be kept from reading."""


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


def completed(kind: FilingKind, values: Values) -> dict[str, Any]:
    """Return a row with what follows from its own values: the average of a yearly base."""
    whole = dict(values)
    total, months = whole.get("total_wage_fen"), whole.get("months")
    if kind is FilingKind.BASE and isinstance(total, int) and isinstance(months, int) and months:
        whole.setdefault("wage_fen", average_wage(total, months))
    return whole
