"""Ask a provider over HTTPS: in little time, for little, and nobody that it names besides."""

import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

# A page thread waits meanwhile, of which there are few.
_SECONDS = 4
_MOST_BYTES = 256 * 1024

# Method, address, headers and body; what comes back is an object of JSON.
Fetch = Callable[[str, str, Mapping[str, str], bytes | None], dict[str, Any]]


class ProviderFault(OSError):
    """When a provider is silent, or answers what none may: the message says what, to the log."""


class ProviderSilent(ProviderFault):
    """When nothing comes at all: whoever asks next would wait as long."""


def fetch_json(
    method: str, address: str, headers: Mapping[str, str], body: bytes | None
) -> dict[str, Any]:
    """Return what an address answers; a redirect is no answer.

    :raises ProviderFault: when it does not, or with anything else.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise ProviderFault(f"{address} is no address of HTTPS")
    # This client follows no redirect: code and secret reach the named host alone.
    connection = http.client.HTTPSConnection(
        parts.hostname, parts.port, timeout=_SECONDS, context=ssl.create_default_context()
    )
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        connection.request(method, target, body, {"Accept": "application/json", **headers})
        answer = connection.getresponse()
        content = answer.read(_MOST_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise ProviderSilent(f"{parts.hostname} does not answer: {error}") from error
    finally:
        connection.close()
    if answer.status != http.client.OK or len(content) > _MOST_BYTES:
        raise ProviderFault(f"{parts.hostname} answers {answer.status}")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ProviderFault(f"{parts.hostname} answers no JSON") from error
    if not isinstance(found, dict):
        raise ProviderFault(f"{parts.hostname} answers no object")
    return found
