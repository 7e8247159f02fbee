"""Numbers of bank accounts, as money is sent to them.

Cards of Chinese banks begin with 62 and end with a check digit (ISO/IEC 7812, Luhn); numbers of
other accounts follow each bank's own way, and only their characters and length can be held.
"""

import re

from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.rules.identifiers.typed_text import unicode_form

SHORTEST, LONGEST = 8, 34
"""The longest is that of ISO 20022 (Max34Text); shorter ones than eight no bank has."""
_CARD = re.compile(r"62\d{14,17}", re.ASCII)
# A card with a digit too few or too many: a shorter number may be an old passbook's.
_NEARLY_CARD = re.compile(r"62\d{12,13}|62\d{18,19}", re.ASCII)


class AccountNumberRefused(NumberRefused):
    """When a number cannot be an account's: "length", "characters", or "checksum" of a card.

    "card_length" where a person's own is nearly as long as a card, "identity_number" where it is
    the number of an ID card.
    """


def parse_account_number(text: str) -> str:
    """Return an account's number in its one form: without spaces and hyphens, in capitals.

    :raises AccountNumberRefused: "length", "characters", "checksum".
    """
    number = re.sub(r"[\s\-]", "", unicode_form("NFKC", text)).upper()
    if not SHORTEST <= len(number) <= LONGEST:
        raise AccountNumberRefused("length", "number", number)
    # One digit at least: a name typed in capitals into the field of the number is none.
    if not re.fullmatch(r"[0-9A-Z]*[0-9][0-9A-Z]*", number, re.ASCII):
        raise AccountNumberRefused("characters", "number", number)
    if _CARD.fullmatch(number) and luhn_sum(number) % 10:
        raise AccountNumberRefused("checksum", "check", number[-1])
    return number


def parse_own_account_number(text: str) -> str:
    """Return the number of a person's account: what looks like a card has a card's length.

    Firms' accounts may begin with 62 and have any length, so that only people are asked for it.

    :raises AccountNumberRefused: "length", "characters", "checksum", "card_length",
        "identity_number".
    """
    number = parse_account_number(text)
    if _NEARLY_CARD.fullmatch(number):
        raise AccountNumberRefused("card_length", "number", number)
    if _is_identity_number(number):
        raise AccountNumberRefused("identity_number", "number", number)
    return number


def _is_identity_number(number: str) -> bool:
    # Who reads "number" may type the one they know by heart, and no money would ever arrive; the
    # check of an ID number leaves no account of a bank refused by chance worth speaking of.
    try:
        parse_identity_number(number)
    except NumberRefused:
        return False
    return True


def luhn_sum(number: str) -> int:
    """Return the sum of a card's digits, every second from the right doubled; 0 mod 10 is right."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)  # noqa: PLR2004 - the digits of 10 to 18 added up
    return total
