"""Whether an identity number or a bank card’s hides in free text, however it is written there.

People part it into groups, type it in full-width digits or in Chinese ones, or end it with a ×:
whatever a reader would still read as the number is one. Amounts and dates in a row make long runs
of digits too: only what has the place, a birth in living memory and the check of a number is taken
for one (GB 11643-1999), which of ten thousand other runs none has.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.account_number import luhn_sum
from siweb.rules.identifiers.identity_number import (
    IdentityNumber,
    expand_old_number,
    parse_identity_number,
)
from siweb.rules.identifiers.typed_text import NUMBER_LENGTH, normalise_number, unicode_form

_OLD_LENGTH = 15
_LIVING = range(1900, 2100)
_CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")
# What people put between the groups of a number.
_BETWEEN = re.compile(r"(?<=[0-9X])[\s\-‐‑‒–—−_.,·•*/\\|、，。：:]+(?=[0-9X])", re.IGNORECASE)
# Groups of a card are parted by nothing else: a run of amounts in a sentence is none.
_CARD = re.compile(r"(?<![0-9])62(?:[ \-]?[0-9]){14,17}(?![0-9])")
_RUN = re.compile(r"[0-9]{14,}[0-9X]", re.IGNORECASE)


def has_identity_number(text: str) -> bool:
    """Return whether a text has the number of an ID card in it, of 18 or of 15 places."""
    # NFKC first: it turns full-width and circled digits into plain ones.
    plain = unicode_form("NFKC", text).translate(_CHINESE)
    visible = "".join(_sign(char) for char in plain)
    joined = _BETWEEN.sub("", visible)
    # The old ones have no check: only one written in one piece is taken for a number.
    return any(_hides_in(run.group()) for run in _RUN.finditer(joined)) or any(
        _is_number(expand_old_number, run.group())
        for run in _RUN.finditer(visible)
        if len(run.group()) == _OLD_LENGTH
    )


def has_card_number(text: str) -> bool:
    """Return whether a text has the number of a Chinese bank card in it (ISO/IEC 7812, with 62)."""
    plain = "".join(_sign(char) for char in unicode_form("NFKC", text))
    cards = (re.sub(r"[ \-]", "", found.group()) for found in _CARD.finditer(plain))
    return any(luhn_sum(card) % 10 == 0 for card in cards)


def _sign(char: str) -> str:
    # A line break between two groups is no end of the number; what nobody sees goes.
    return " " if char.isspace() else normalise_number(char)


def _hides_in(run: str) -> bool:
    """Return whether any stretch of a run of digits is a number: other digits may touch it."""
    places = range(len(run) - NUMBER_LENGTH + 1)
    return any(_is_number(parse_identity_number, run[at : at + NUMBER_LENGTH]) for at in places)


def _is_number(parse: Callable[[str], IdentityNumber], digits: str) -> bool:
    try:
        found = parse(digits)
    except NumberRefused:
        return False
    return found.birth_date.year in _LIVING and not found.warnings
