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


def line_of(address: str) -> str:
    """Return what one line to the internet shows: the address, or the /64 of IPv6.

    A household gets a /64 at least, and may write from any of its 2**64 addresses; an IPv4 address
    that a dual-stack socket writes as IPv6 is the IPv4 address.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    # The zone of a link-local address names an interface of ours, and no network has one.
    plain = ipaddress.IPv6Address(int(parsed))
    return str(ipaddress.IPv6Network((plain, 64), strict=False))
