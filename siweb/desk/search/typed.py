"""What somebody typed into the desk's search, taken as everything that it may be."""

import re
from dataclasses import dataclass

from siweb.db.reference_code import normalise
from siweb.db.sealing.field_keys import END
from siweb.reviews.tables.sign import list_id_of
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.rules.identifiers.typed_text import has_letter
from siweb.rules.names.search_keys import search_text

_END_FORM = re.compile(rf"\d{{{END - 1}}}[\dX]", re.ASCII)
# Letters of pinyin begin too many names one by one; a single character is a family name.
_FEWEST_LETTERS = 2
_SHORTEST_REFERENCE = 8
_LONGEST_REFERENCE = 24
# What the column of bank references holds.
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Typed:
    """Each thing it may be; empty or None where it cannot be that."""

    name: str = ""
    number: str = ""
    end: str = ""
    reference: str = ""
    bank_reference: int | None = None
    # Of a list that another office's program sent: shorter than any other reference.
    list_id: int | None = None


def read_typed(text: str) -> Typed:
    """Return what a text may be."""
    code = normalise(text)
    name = search_text(text)
    is_name = has_letter(name) and (not name.isascii() or len(name) >= _FEWEST_LETTERS)
    end = code if _END_FORM.fullmatch(code) else ""
    is_reference = _SHORTEST_REFERENCE <= len(code) <= _LONGEST_REFERENCE and code.isascii()
    is_whole = code.isascii() and code.isdigit() and len(code) <= _MOST_DIGITS
    return Typed(
        name=name if is_name and not end else "",
        number=_number(code),
        end=end,
        reference=code if is_reference else "",
        bank_reference=int(code) if is_whole else None,
        list_id=list_id_of(code),
    )


def _number(code: str) -> str:
    try:
        return parse_identity_number(code).number
    except NumberRefused:
        return ""
