"""The number of a bank card (银行卡号): an account, with its check digit (ISO/IEC 7812)."""

import re

from siweb.rules.errors import RuleError
from siweb.rules.identifiers.account_number import luhn_sum
from siweb.rules.identifiers.typed_text import unicode_form

# Cards of mainland banks, social security cards among them, have 16 to 19 digits.
_NUMBER = re.compile(r"[0-9]{16,19}", re.ASCII)
# ‐-― is a range, U+2010 to U+2015: the hyphens and dashes that editors make of a minus.
_SEPARATORS = re.compile(r"[\s\-‐-―－]+")
_TEN = 10


class CardRefused(RuleError):
    """When a text is no number of a bank card: "length", "characters" or "check_digit"."""


def parse_bank_card(text: str) -> str:
    """Return the digits of a card's number; spaces, hyphens and full-width digits are understood.

    :raises CardRefused: "characters" when there is something else in it, "length" when it has not
        16 to 19 digits, "check_digit" when a digit must be mistyped.
    """
    digits = _SEPARATORS.sub("", unicode_form("NFKC", text))
    if not (digits.isascii() and digits.isdigit()):
        raise CardRefused("characters")
    if _NUMBER.fullmatch(digits) is None:
        raise CardRefused("length", length=len(digits))
    if luhn_sum(digits) % _TEN:
        raise CardRefused("check_digit")
    return digits
