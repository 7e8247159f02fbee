"""Mobile numbers and e-mail addresses: one reader each, one form in which they are kept."""

from __future__ import annotations

import re
import unicodedata

from siweb.rules.errors import RuleError
from siweb.rules.identifiers.typed_text import unicode_form

_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})", re.ASCII)
# Area codes of the largest cities have three digits, 010 and 02x, all others four.
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([0-9]{7,8})", re.ASCII)
_SEPARATORS = re.compile(r"[\s\-‐-―－().（）]+")
# RFC 5321: an address has at most 254 characters.
_EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,63}")
LONGEST_EMAIL = 254


class ContactRefused(RuleError):
    """When a text is no mobile number, no telephone number or no e-mail address."""


def parse_mobile(text: str) -> str:
    """Return a mobile number of mainland China as its 11 digits.

    Spaces, hyphens, brackets, full-width digits and the country code +86 are understood.

    :raises ContactRefused: "mobile" when it is none.
    """
    match = _MOBILE.fullmatch(_digits(text))
    if match is None:
        raise ContactRefused("mobile")
    return match[1]


def parse_telephone(text: str) -> str:
    """Return a mobile or a landline number, the latter with its area code: 021-12345678.

    :raises ContactRefused: "telephone" when it is none.
    """
    digits = _digits(text)
    if match := _MOBILE.fullmatch(digits):
        return match[1]
    number, _, extension = digits.partition("转")
    # From abroad the country code takes the place of the area code's zero: +86 21 is 021.
    match = _LANDLINE.fullmatch(re.sub(r"^(?:\+?86|0086)(?=[1-9])", "0", number))
    if match is None or (extension and not re.fullmatch(r"[0-9]{1,6}", extension)):
        raise ContactRefused("telephone")
    return f"{match[1]}-{match[2]}" + (f"-{extension}" if extension else "")


def parse_email(text: str) -> str:
    """Return an e-mail address, its domain in small letters.

    :raises ContactRefused: "email" when it is none.
    """
    address = unicode_form("NFKC", text).strip()
    if len(address) > LONGEST_EMAIL or _EMAIL.fullmatch(address) is None:
        raise ContactRefused("email")
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def _digits(text: str) -> str:
    narrow = unicode_form("NFKC", text)
    # Numbers copied from an address book have marks of direction around them that nobody sees.
    visible = "".join(char for char in narrow if unicodedata.category(char) != "Cf")
    return _SEPARATORS.sub("", visible)
