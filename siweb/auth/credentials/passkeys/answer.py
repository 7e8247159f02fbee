"""What a device answers, as the page sends it: read before anything is believed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import AuthenticationCredential, RegistrationCredential

from siweb.auth.credentials.passkeys.challenge import PasskeyRefused

# A credential's name has at most 1,023 bytes; what devices attest beside it is not asked for.
LONGEST = 16_000


@dataclass(frozen=True, slots=True)
class Used:
    """The answer of a device that was asked to use a passkey."""

    credential: AuthenticationCredential
    challenge: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """The answer of a device that was asked to make a passkey."""

    credential: RegistrationCredential
    challenge: bytes


def read_used(text: str) -> Used:
    """Read the answer of a passkey in use.

    :raises PasskeyRefused: when it is none.
    """
    with refusing():
        credential = parse_authentication_credential_json(_bounded(text))
        return Used(credential, _challenge_of(credential.response.client_data_json))


def read_made(text: str) -> Made:
    """Read the answer of a passkey that was made.

    :raises PasskeyRefused: when it is none.
    """
    with refusing():
        credential = parse_registration_credential_json(_bounded(text))
        return Made(credential, _challenge_of(credential.response.client_data_json))


@contextmanager
def refusing() -> Iterator[None]:
    """Refuse in our own words whatever the library finds, or stumbles over.

    :raises PasskeyRefused: for any of it.
    """
    try:
        yield
    except PasskeyRefused:
        raise
    except Exception as wrong:
        raise PasskeyRefused("does_not_fit") from wrong


def _challenge_of(client_data: bytes) -> bytes:
    return parse_client_data_json(client_data).challenge


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise PasskeyRefused("does_not_fit")
    return text
