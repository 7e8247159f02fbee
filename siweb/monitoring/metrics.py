"""/metrics: who may read it, and what is answered."""

import hmac
from ipaddress import ip_address

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from siweb.monitoring.counts import counts_of
from siweb.settings import Settings

# A proxy on this machine comes from it as well; these tell that somebody stands behind.
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded")
_THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}


def show_metrics() -> ResponseReturnValue:
    """Answer with all counts, to whoever may read them; for others there is no such page."""
    settings: Settings = current_app.extensions["siweb_settings"]
    if not (_has_token(settings.metrics_token) if settings.metrics_token else _is_here()):
        abort(404)
    text = counts_of(current_app).exposed(current_app)
    return text, {"Content-Type": CONTENT_TYPE_LATEST}


def _has_token(token: str) -> bool:
    given = request.headers.get("Authorization", "")
    # In the time of any other guess, however much of it is right.
    return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _is_here() -> bool:
    """Return whether this machine asks for itself."""
    try:
        is_near = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    host = request.host.rpartition(":")[0] or request.host
    named = host if host in _THIS_MACHINE else request.host
    return (
        is_near
        and named in _THIS_MACHINE
        and not any(name in request.headers for name in _FORWARDED)
    )
