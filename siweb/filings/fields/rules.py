"""What the value of a field has to fulfil, whichever door it comes through."""

from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.field import Field, FieldType, Values
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.filings.fields.yearly_base import average_wage
from siweb.rules.identifiers.typed_text import has_letter

_SHOWN = 30
LONGEST_NAME = 100
LONGEST_NUMBER = 40
# Days and months beyond are mistyped; texts compare as days do only within four digits.
_FIRST_YEAR, _LAST_YEAR = "1900", "2099"


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


def contract_end(values: Values) -> Finding | None:
    """Ask for the end of a contract with a fixed term (劳动合同法 13)."""
    if values.get("contract_type") == "fixed" and not values.get("contract_until"):
        return finding("contract_end_missing", ERROR, field="contract_until")
    return None


def average_agrees(values: Values) -> Finding | None:
    """Refuse an average wage that is not the total over the months beside it."""
    total, months, average = (values.get(n) for n in ("total_wage_fen", "months", "wage_fen"))
    if total is None or not months or average is None:
        return None
    if average_wage(total, months) != average:
        return finding("average_differs", ERROR, field="wage_fen")
    return None
