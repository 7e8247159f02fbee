"""The code itself: twelve letters and digits, the last of which finds what was misheard."""

import hashlib

from siweb.db.reference_code import check_sign, normalise
from siweb.documents.verification_code import derived_code

# Eleven of 23 signs are 49 bits: with 30 tries in ten minutes nobody finds one in a lifetime.
_DRAWN = 11
LENGTH = _DRAWN + 1
_PURPOSE = b"siweb share code 1\0"


def share_code(secret: str, reference: str) -> str:
    """Return the code that belongs to a reference."""
    drawn = derived_code(secret, _PURPOSE, reference, _DRAWN)
    return drawn + check_sign(drawn)


def code_hash(typed: str) -> str:
    """Return the SHA-256 by which a code is found, however it was typed."""
    return hashlib.sha256(_PURPOSE + normalise(typed).encode()).hexdigest()
