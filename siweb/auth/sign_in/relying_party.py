"""Under which name the office asks devices for passkeys: that of its public address."""

import ipaddress
from urllib.parse import urlsplit

from flask import request

from siweb.auth.credentials.passkeys.challenge import RelyingParty
from siweb.auth.sign_in.browser import settings


def relying_party() -> RelyingParty:
    """Return the office as devices know it."""
    parts = urlsplit(settings().public_address)
    return RelyingParty(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def is_here() -> bool:
    """Return whether passkeys work at the address in use: browsers take no other, and no number."""
    party = relying_party()
    try:
        ipaddress.ip_address(party.id)
    except ValueError:
        # A passkey of the public address is not offered by a browser that came by another name.
        return f"{request.scheme}://{request.host}" == party.origin
    return False
