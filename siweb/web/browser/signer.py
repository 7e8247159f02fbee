"""Signing as Flask and Flask-WTF do it, letter by letter, with keys that are derived once.

Both make a serializer, a signer and a key derived from the secret anew for each cookie and each
token, which takes several times as long as to sign. A test holds both against each other.
"""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any, cast

from itsdangerous import HMACAlgorithm, TimestampSigner, URLSafeTimedSerializer

# What Flask signs cookies with: of a keyed hash it counts that nobody guesses the key, not that
# nobody finds two texts of one hash.
_DIGEST = "sha1"


class OneShotHmac(HMACAlgorithm):
    """The same HMAC by one call of OpenSSL, without an object that could be fed piece by piece."""

    def __init__(self) -> None:
        super().__init__(hashlib.sha1)

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Return the HMAC of a value."""
        return hmac.digest(key, value, _DIGEST)


class KeptKeys(TimestampSigner):
    """A signer that derives each of its keys once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.algorithm = OneShotHmac()
        self._derived: dict[str | bytes | None, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key for this purpose, of one secret or of the one that signs now."""
        found = self._derived.get(secret_key)
        if found is None:
            found = self._derived[secret_key] = super().derive_key(secret_key)
        return found


class KeptSerializer(URLSafeTimedSerializer):
    """A serializer with one signer for all calls, in which nothing of a call stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, signer=KeptKeys, **kwargs)
        self._kept = cast("KeptKeys", super().make_signer())

    def make_signer(self, salt: str | bytes | None = None) -> KeptKeys:
        """Return the kept signer: nobody here signs for another purpose than the serializer's."""
        assert salt is None or salt == self.salt
        return self._kept

    def iter_unsigners(self, salt: str | bytes | None = None) -> Iterator[TimestampSigner]:
        """Give the kept signer; it tries former secrets by itself."""
        yield self.make_signer(salt)
