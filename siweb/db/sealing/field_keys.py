"""The two keys of what is sealed field by field: one to read it, one to find it.

An office has one pair; each process is given it once, before it reads or writes a sealed field.
Neither key is in the database, so that a copy of it tells no number.
"""

import hashlib
import hmac
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from siweb.secret_keys import SecretFault

# Characters of a digest: 128 bits, so that two of all people's numbers never meet.
DIGEST_LENGTH = 32
# There are eleven thousand ends: 64 bits tell them apart.
END_LENGTH = 16
# By how many of its last characters a number is searched.
END = 4
_MARK = 2
# Seconds after which a running process looks for the keys again: one that was put before the others
# is known everywhere by then, and nothing is sealed with an older one any more.
KEY_SECONDS = 30.0
# 96 bits, the length that GCM is made for: no other has its bound of 2^32 sealings a key.
_NONCE = 12
# What AES-GCM adds to a text, so that nobody changes it.
_TAG = 16


class FieldKeys:
    """Seals texts (AES-256-GCM) and makes their digests (HMAC-SHA256).

    :param sealing: the newest key first; older ones only read.
    """

    def __init__(self, sealing: Sequence[str], finding: str) -> None:
        derived = [_derived(secret, b"siweb sealed field 1") for secret in sealing]
        marks = [hashlib.sha256(key).digest()[:_MARK] for key in derived]
        self._ciphers = dict(zip(marks, map(AESGCM, derived), strict=True))
        self._mark, self._cipher = marks[0], self._ciphers[marks[0]]
        self._finding = _derived(finding, b"siweb digest of a field 1")

    def seal(self, text: str) -> bytes:
        """Return a text as it is kept."""
        return self.seal_bytes(text.encode())

    def unseal(self, kept: bytes) -> str:
        """Return the text of what is kept; raises what `unseal_bytes` does."""
        return self.unseal_bytes(kept).decode()

    def seal_bytes(self, content: bytes) -> bytes:
        """Return content as it is kept: the mark of its key, a nonce, what is sealed."""
        nonce = os.urandom(_NONCE)
        return self._mark + nonce + self._cipher.encrypt(nonce, content, None)

    def is_newest(self, kept: bytes) -> bool:
        """Return whether something lies under the newest key."""
        return kept[:_MARK] == self._mark

    def knows(self, kept: bytes) -> bool:
        """Return whether something may have been sealed with any of the keys, by its mark.

        What is shorter than the seal of an empty text is none: of short words some begin alike.
        """
        return len(kept) >= _MARK + _NONCE + _TAG and kept[:_MARK] in self._ciphers

    def unseal_bytes(self, kept: bytes) -> bytes:
        """Return the content of what is kept.

        :raises SecretFault: when it was sealed with another key, or changed since.
        """
        cipher, start = self._ciphers.get(kept[:_MARK]), _MARK + _NONCE
        if cipher is None:
            raise SecretFault(
                "The field key is not the one with which ID numbers were sealed: "
                "put the right one back."
            )
        try:
            return cipher.decrypt(kept[_MARK:start], kept[start:], None)
        except InvalidTag:
            raise SecretFault("A sealed field was changed since it was sealed.") from None

    def digest(self, purpose: bytes, text: str, length: int) -> str:
        """Return a keyed digest in hex: the same text differs from purpose to purpose."""
        # The NUL keeps purpose and text apart: neither ever has one.
        made = hmac.digest(self._finding, purpose + b"\0" + text.encode(), "sha256")
        return made.hex()[:length]


class _Held:
    """The keys of this process, read when they are first needed."""

    def __init__(self) -> None:
        self.keys: FieldKeys | None = None
        self.read: Callable[[], FieldKeys] | None = None
        self.until = 0.0


_held = _Held()


def hold_field_keys(read: Callable[[], FieldKeys]) -> None:
    """Say how this process gets the keys: every office it opens is the same one."""
    _held.keys, _held.read, _held.until = None, read, 0.0


@contextmanager
def other_field_keys() -> Iterator[None]:
    """Let this process hold another office's keys for a while, then its own again."""
    before = _held.keys, _held.read
    try:
        yield
    finally:
        _held.keys, _held.read = before


def field_keys() -> FieldKeys:
    """Return the office's keys.

    :raises SecretFault: when nobody said where they are.
    """
    if _held.keys is not None and time.monotonic() < _held.until:
        return _held.keys
    if _held.read is None:
        raise SecretFault("The field key is needed and was not given.")
    before = _held.keys
    try:
        _held.keys = _held.read()
    except SecretFault:
        # Whoever runs already goes on with what it holds: /readyz and doctor say what is missing.
        if before is None:
            raise
    _held.until = time.monotonic() + KEY_SECONDS
    return _held.keys or before  # type: ignore[return-value]


def number_digest(number: str) -> str:
    """Return the digest by which an ID number is found."""
    return field_keys().digest(b"number", number, DIGEST_LENGTH)


def end_digest(number: str) -> str:
    """Return the digest by which the last characters of an ID number are found."""
    # Upper: the last place may be an x that somebody typed small.
    return field_keys().digest(b"end", number[-END:].upper(), END_LENGTH)


def _derived(secret: str, purpose: bytes) -> bytes:
    return hmac.digest(secret.encode(), purpose, "sha256")
