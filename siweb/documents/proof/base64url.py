"""Bytes in addresses and QR codes: base64url without padding (RFC 4648, 5)."""

import base64
import binascii


def encoded(data: bytes) -> str:
    """Return bytes as text that needs no escape in an address."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """Return the bytes of such a text.

    :raises ValueError: when it is none.
    """
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise ValueError("not base64url") from wrong
