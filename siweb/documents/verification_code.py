"""The code on a paper with which anyone may verify it: 20 characters, 90 bits."""

import hashlib
import hmac

from siweb.db.reference_code import ALPHABET, normalise

# Twenty of 23 characters are 90 bits: nobody finds a paper by guessing.
LENGTH = 20
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


def code_hash(typed: str) -> str:
    """Return the SHA-256 by which a code is found, however it was typed."""
    return hashlib.sha256(normalise(typed).encode()).hexdigest()
