"""Hashes that only this office can make: of tokens, codes, numbers and addresses."""

import hashlib
import hmac
import ipaddress


def keyed_hash(key: str, purpose: str, value: str) -> str:
    """Return an HMAC-SHA-256 in hex; the same value differs from purpose to purpose."""
    return hmac.new(key.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """Return the SHA-256 of a random token: nothing to guess, so no key is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def network_of(address: str) -> str:
    """Return the network of an address (/24, or /48 for IPv6): enough to recognise a place."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    prefix = 24 if parsed.version == 4 else 48  # noqa: PLR2004 - versions of the protocol
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
