"""The certificate that people's browsers meet at the public address: how long it is good."""

import socket
import ssl
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509

from siweb.doctor.finding import N_, Finding, ill, watch, well
from siweb.settings import Settings

_HTTPS = 443
# A page waits for it: a proxy that is there answers in a tenth of that.
_SECONDS = 3
# Renewed by itself a certificate of 90 days is 30 old days before its end; after that somebody has
# to look, and in the last week now.
_RENEWED_BEFORE = 21
_LAST_DAYS = 7


_SUBJECT = N_("certificate")
_LEFT = N_("days left: %(days)s")
_RENEW = N_("renew it, and let the proxy read it again")
UNANSWERED = watch(
    _SUBJECT,
    N_("%(host)s did not answer this machine"),
    N_("look from another one: openssl s_client -connect %(host)s:%(port)s"),
)
ENDED = ill(_SUBJECT, N_("it ended on %(day)s"), _RENEW)
ENDS_SOON = ill(_SUBJECT, _LEFT, _RENEW)
NOT_RENEWED = watch(_SUBJECT, _LEFT, N_("see why it was not renewed by itself"))


def certificate_findings(settings: Settings, at: datetime) -> Iterator[Finding]:
    """Look how many days the certificate of the public address is good for."""
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https" or parts.hostname is None:
        return
    port = parts.port or _HTTPS
    try:
        ends = certificate_end(parts.hostname, port)
    except (OSError, ValueError):
        yield UNANSWERED.found(host=parts.hostname, port=port)
        return
    days = (ends - at).days
    if ends <= at:
        yield ENDED.found(day=f"{ends:%Y-%m-%d}")
    elif days < _LAST_DAYS:
        yield ENDS_SOON.found(days=days)
    elif days < _RENEWED_BEFORE:
        yield NOT_RENEWED.found(days=days)
    else:
        yield well(_SUBJECT, _LEFT, days=days)


def certificate_end(host: str, port: int) -> datetime:
    """Return until when the certificate at an address is good.

    :raises OSError: when nobody answers there.
    :raises ValueError: when what answers has none.
    """
    # Whoever signed it, and for whom: one that ended would be refused before its end is read.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((host, port), timeout=_SECONDS) as connection,
        context.wrap_socket(connection, server_hostname=host) as secured,
    ):
        encoded = secured.getpeercert(binary_form=True)
    if encoded is None:
        raise ValueError(host)
    return x509.load_der_x509_certificate(encoded).not_valid_after_utc
