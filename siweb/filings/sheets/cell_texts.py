"""Write what a row gives as a filer would write it: for templates, forms and returned sheets."""

from typing import Any

from siweb.filings.fields.choices import CHOICES, own_word
from siweb.filings.fields.field import Field, FieldType


def text_of(field: Field, value: Any) -> str:
    """Return a value of a row as text that the column of its field reads again."""
    if value is None:
        return ""
    if field.type is FieldType.MONEY:
        # By whole numbers: a division would make a binary fraction of it.
        return f"{value // 100}.{value % 100:02d}"
    if field.type is FieldType.INSURANCES:
        return "、".join(own_word(field.choices, code) for code in value)
    if value in CHOICES.get(field.choices, {}):
        return own_word(field.choices, value)
    return str(value)


def words_of(field: Field) -> list[str]:
    """Return the words that a field takes, empty where it takes anything."""
    if field.type is not FieldType.CHOICE:
        return []
    return [own_word(field.choices, code) for code in CHOICES[field.choices]]
