"""The code on a paper with which anyone may verify it: 20 characters, 90 bits."""

import hashlib
import hmac

from siweb.db.reference_code import ALPHABET, check_sign, is_checked, normalise

# Twenty of 23 characters are 90 bits: nobody finds a paper by guessing.
LENGTH = 20
# The number of a document with a check sign: short enough to be read out, and it shows nothing of
# what the paper says, so that guessing it is worth nothing.
SHORT_LENGTH = 11
_PURPOSE = b"siweb document verification code 1\0"


def verification_code(secret: str, reference: str) -> str:
    """Return a document's code, derived from its reference with the office's secret key."""
    return derived_code(secret, _PURPOSE, reference, LENGTH)


def derived_code(secret: str, purpose: bytes, reference: str, length: int) -> str:
    """Return a code of so many signs, another one for each purpose."""
    digest = hmac.digest(secret.encode(), purpose + reference.encode(), "sha512")
    # 512 bits over 23**20 possibilities: no code is likelier than another to speak of.
    number = int.from_bytes(digest, "big")
    code = ""
    for _ in range(length):
        number, index = divmod(number, len(ALPHABET))
        code += ALPHABET[index]
    return code


def short_code(reference: str) -> str:
    """Return what is read out on the telephone for a document."""
    return reference + check_sign(reference)


def reference_of_short(typed: str) -> str | None:
    """Return the number of a document from its short code; None of what is none."""
    code = normalise(typed)
    return code[:-1] if len(code) == SHORT_LENGTH and is_checked(code) else None


def code_hash(typed: str) -> str:
    """Return the SHA-256 by which a code is found, however it was typed."""
    return hashlib.sha256(normalise(typed).encode()).hexdigest()
