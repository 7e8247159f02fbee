"""Codes that an authenticator app shows: six digits for each half minute (TOTP, RFC 6238)."""

import base64
import hashlib
import hmac
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

# What every app takes. Its SHA-1 is keyed: that it lets collisions be found is no weakness here.
DIGITS = 6
SECONDS = 30
# A phone's clock may be half a minute off, and a code is typed while the next one comes.
_STEPS_OFF = 1
# RFC 4226 recommends 160 bits, which are 32 characters without padding.
_SECRET_BYTES = 20


def pending_secret(key: str, sign_in_token: str, factor: str) -> str:
    """Return the secret that a sign-in may set up, in base 32: the same while the page is open.

    It is kept nowhere until a code proves that the app has it. Nobody makes it without both the
    office's key and the token that only this browser has. `factor` says which one it would replace.
    """
    context = f"second factor\0{sign_in_token}\0{factor}".encode()
    made = hmac.digest(key.encode(), context, hashlib.sha256)[:_SECRET_BYTES]
    return base64.b32encode(made).decode()


def matching_step(secret: str, typed: str, *, at: datetime, after: int) -> int | None:
    """Return the time step of a code, or None; a step that is not `after` another is used up."""
    now = int(at.timestamp()) // SECONDS
    # The older step first: a code is used up as the one that it was shown for.
    for step in range(now - _STEPS_OFF, now + _STEPS_OFF + 1):
        # In constant time, and the used one is left out only afterwards.
        if hmac.compare_digest(code_of(secret, step).encode(), typed.encode()) and step > after:
            return step
    return None


def code_of(secret: str, step: int) -> str:
    """Return the code of a time step."""
    return _totp(secret).generate(step * SECONDS).decode()


def app_address(secret: str, *, account: str, office: str) -> str:
    """Return what the app reads from the QR code: the secret, and under which names it shows it."""
    return _totp(secret).get_provisioning_uri(account, office)


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), SECONDS)  # noqa: S303 - see above
