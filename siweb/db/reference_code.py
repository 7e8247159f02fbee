"""References that people read aloud and type: no character can be taken for another."""

import secrets

from siweb.rules.identifiers.typed_text import unicode_form

# Without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V: 23 characters, 4.52 bits each.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
_SIGNS = len(ALPHABET)
# How many of a byte's values fall to all signs alike, and bytes drawn for those that do not.
_EVEN = 256 // _SIGNS * _SIGNS
_SPARE = 2


def new_reference(length: int = 10) -> str:
    """Return a random reference; 10 characters are 45 bits: unique and unguessed, not secret."""
    # Drawn, not counted: a number in a row would tell how many cases there are,
    # and whose comes next.
    signs = ""
    while len(signs) < length:
        # All at once: each request has one, and each sign of its own would be a call of the system.
        drawn = secrets.token_bytes(length + _SPARE)
        # The last three of the 256 would make some signs likelier than others.
        signs += "".join([ALPHABET[byte % _SIGNS] for byte in drawn if byte < _EVEN])
    return signs[:length]


def normalise(typed: str) -> str:
    """Return a typed or pasted reference as it is kept: capitals and digits alone, half-width.

    Spaces, hyphens and what nobody sees (zero-width spaces of web pages) do not matter.
    """
    return "".join(char for char in unicode_form("NFKC", typed) if char.isalnum()).upper()


def check_sign(code: str) -> str:
    """Return the sign that is put after a code, by which one that was misheard is found.

    There are 23 signs, a prime: with another weight for each place every single wrong sign and
    every two that changed places give another sum (codes of up to 21 signs).
    """
    total = sum(place * ALPHABET.index(sign) for place, sign in enumerate(code, 2))
    return ALPHABET[-total % len(ALPHABET)]


def is_checked(code: str) -> bool:
    """Return whether the last sign of a code is the one that its others ask for."""
    return not set(code) - set(ALPHABET) and code[-1:] == check_sign(code[:-1])


def grouped(code: str, size: int = 5) -> str:
    """Return the code in groups joined by hyphens, as it is printed."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))
