"""Who signs papers: Ed25519, a key of the office's own, or whatever stands in for it.

A device that signs (an HSM or SM2 card) takes the place of `SoftSigner` by offering what `Signer`
asks for; `SIWEB_PAPER_SIGNER` names its class (docs/papers.md has the whole contract).
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from siweb.documents.proof.base64url import decoded, encoded

# What is hashed with the secret: the same secret would make another key for another purpose.
_PURPOSE = b"siweb signature of papers 1\0"
# Each byte makes the code on the paper denser, and an office has few keys to tell apart.
_KEY_ID_BYTES = 8


class Signer(Protocol):
    """Whoever can sign a paper, from several threads at once."""

    @property
    def public(self) -> "PublicKey":
        """Return the public half, which is published."""

    @property
    def key_id(self) -> bytes:
        """Return the bytes by which the public key is found."""

    def sign(self, data: bytes) -> bytes:
        """Return an Ed25519 signature, 64 bytes."""


class PublicKey(NamedTuple):
    """A key that papers are proved with; it is no secret."""

    raw: bytes

    @property
    def key_id(self) -> bytes:
        """Return the first bytes of its SHA-256."""
        return hashlib.sha256(self.raw).digest()[:_KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """Return the key as people pass it on."""
        return encoded(self.raw)

    def has_signed(self, signature: bytes, data: bytes) -> bool:
        """Return whether a signature over data was made with the secret half."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
        # A key from outside may be no point of the curve at all: it has signed nothing either.
        except (InvalidSignature, ValueError):
            return False
        return True


class SoftSigner:
    """A key derived from the office's secret, which lies apart from the database."""

    def __init__(self, secret: str) -> None:
        seed = hashlib.sha256(_PURPOSE + secret.encode()).digest()
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = PublicKey(self._key.public_key().public_bytes_raw())

    @property
    def public(self) -> PublicKey:
        """Return the public half."""
        return self._public

    @property
    def key_id(self) -> bytes:
        """Return the bytes by which the public key is found."""
        return self.public.key_id

    def sign(self, data: bytes) -> bytes:
        """Return the signature."""
        return self._key.sign(data)


def signers_of(secret: str) -> list[SoftSigner]:
    """Return the key in use and those before it, from a secret of several with commas between."""
    return [SoftSigner(each) for each in secret.replace(",", " ").split()]


def published(signers: Sequence[Signer]) -> dict[str, Any]:
    """Return the public keys as they stand at the well-known address."""
    return {
        "keys": [
            {
                "kid": encoded(signer.key_id),
                "alg": "EdDSA",
                "crv": "Ed25519",
                "x": signer.public.text,
            }
            for signer in signers
        ]
    }


def read_keys(given: Mapping[str, Any] | str) -> list[PublicKey]:
    """Return public keys from the published document, or one from its text.

    :raises ValueError: when it is no key.
    """
    texts = [given] if isinstance(given, str) else [each["x"] for each in given["keys"]]
    keys = [PublicKey(decoded(text.strip())) for text in texts]
    for key in keys:
        Ed25519PublicKey.from_public_bytes(key.raw)
    return keys
