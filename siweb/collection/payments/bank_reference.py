"""The reference on a transfer: the bill's number and two check digits (ISO 7064 MOD 97-10)."""

import re
from collections.abc import Iterator
from typing import Any

from siweb.rules.identifiers.typed_text import unicode_form

# The largest prime below 100: two check digits find every single error and transposition.
_MODULUS = 97
# A reference is printed with twelve digits; more only when the office has ten billion bills.
_REFERENCE_DIGITS = 12
# Digits as people copy them: in groups, with spaces or hyphens between.
_RUN = re.compile(r"\d(?:[ \-]{0,2}\d)+", re.ASCII)
_LONGEST_RUN = 64
_BETWEEN = " … "


def bank_reference(bill_id: Any) -> Any:
    """Return the reference of a bill, from its id or from the column of ids.

    Any single wrong digit and any two swapped neighbours make it invalid.
    """
    shifted = bill_id * 100
    # 98 less the rest makes the whole leave 1 (ISO 7064): zeros alone are no reference.
    return shifted + 98 - shifted % _MODULUS


def bill_id_of(reference: int) -> int | None:
    """Return the bill a reference names, or None when its check digits do not fit."""
    return reference // 100 if reference % _MODULUS == 1 else None


def printed(reference: int) -> str:
    """Return the reference as it stands on the bill, in groups of four."""
    digits = f"{reference:012d}"
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def references_in(text: str) -> Iterator[int]:
    """Yield the numbers in a text whose check digits fit, as printed: twelve digits or more.

    They may stand anywhere, in groups, in full-width digits, or glued to a date.
    """
    folded = unicode_form("NFKC", text)
    for match in _RUN.finditer(folded):
        digits = re.sub(r"[ \-]", "", match[0])[:_LONGEST_RUN]
        for start in range(len(digits) - _REFERENCE_DIGITS + 1):
            reference = int(digits[start : start + _REFERENCE_DIGITS])
            # Not "is not None": eleven zeros and a 1 fit their check digits, and 0 is no bill.
            if bill_id_of(reference):
                yield reference
    # Bank programs drop leading zeros of a field of numbers; within a text so short a number
    # would fit by chance.
    alone = folded.strip()
    if alone.isascii() and alone.isdigit() and len(alone) < _REFERENCE_DIGITS:
        yield int(alone)


def fitting(text: str, longest: int) -> str:
    """Return a remittance text that fits its column, with the references of what is left out.

    What pays a bill may stand at the end: it is found in what is kept as in the whole.
    """
    if len(text) <= longest:
        return text
    # A number that the cut would leave in part stands whole behind it.
    kept = re.sub(r"[\d \-]+\Z", "", text[: longest // 2])
    for reference in dict.fromkeys(references_in(text)):
        more = f"{_BETWEEN}{reference:012d}"
        if reference not in set(references_in(kept)) and len(kept) + len(more) <= longest:
            kept += more
    return kept
