"""What is sealed within one value of a column, and the same value under the newest key."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from siweb.db.sealing.field_keys import FieldKeys
from siweb.secret_keys import SecretFault

Anew = Callable[[Any], Any]


def bytes_anew(keys: FieldKeys) -> Anew:
    """Return what seals a sealed column's bytes anew; those under the newest key stay."""

    def anew(kept: Any) -> Any:
        given = bytes(kept)
        return given if keys.is_newest(given) else keys.seal_bytes(keys.unseal_bytes(given))

    return anew


def json_anew(keys: FieldKeys) -> Anew:
    """Return what seals the sealed texts within JSON anew, wherever they stand in it."""

    def anew(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: anew(each) for name, each in value.items()}
        if isinstance(value, list):
            return [anew(each) for each in value]
        return _text_anew(value, keys) if isinstance(value, str) else value

    return anew


def _text_anew(text: str, keys: FieldKeys) -> str:
    try:
        kept = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text
    if keys.is_newest(kept) or not keys.knows(kept):
        return text
    try:
        content = keys.unseal_bytes(kept)
    except SecretFault:
        # Two bytes that look like a key's mark: a word that nobody sealed.
        return text
    return base64.b64encode(keys.seal_bytes(content)).decode()
