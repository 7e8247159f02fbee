"""Write what a row gives as a filer would write it: for templates, forms and returned sheets."""

from typing import Any

from siweb.filings.fields.choices import CHOICES, own_word
from siweb.filings.sheets.columns import Column

# The list of words that a field's codes come from, where it has another name.
_WORDS = {"reason": ("hire_reason", "pause_reason")}


def text_of(column: Column, value: Any) -> str:
    """Return a value of a row as text that its column reads again."""
    if value is None:
        return ""
    if column.field.endswith("_fen"):
        return f"{value // 100}.{value % 100:02d}"
    if column.field == "insurances":
        return "、".join(own_word("insurance", one) for one in value)
    for name in _WORDS.get(column.field, (column.field,)):
        if value in CHOICES.get(name, {}):
            return own_word(name, value)
    return str(value)


def words_of(column: Column, kind_reason: str) -> list[str]:
    """Return the words that a column takes, empty where it takes anything."""
    name = kind_reason if column.field == "reason" else column.field
    return [own_word(name, code) for code in CHOICES.get(name, {})]
