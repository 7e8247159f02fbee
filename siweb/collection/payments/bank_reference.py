"""The reference on a transfer: the bill's number and two check digits (ISO 7064 MOD 97-10)."""

from typing import Any

# The largest prime below 100: two check digits find every single error and transposition.
_MODULUS = 97


def bank_reference(bill_id: Any) -> Any:
    """Return the reference of a bill, from its id or from the column of ids.

    Any single wrong digit and any two swapped neighbours make it invalid.
    """
    shifted = bill_id * 100
    return shifted + 98 - shifted % _MODULUS


def bill_id_of(reference: int) -> int | None:
    """Return the bill a reference names, or None when its check digits do not fit."""
    return reference // 100 if reference % _MODULUS == 1 else None


def printed(reference: int) -> str:
    """Return the reference as it stands on the bill, in groups of four."""
    digits = f"{reference:012d}"
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
