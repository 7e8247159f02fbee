"""Sign a request to an object store: AWS Signature Version 4, which all of them speak."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """Who asks, where: the name and the secret are the object store's."""

    name: str
    secret: str = field(repr=False)
    region: str = "us-east-1"


def query_of(asked: Mapping[str, str]) -> str:
    """Return a query as it is signed and sent: in order, everything quoted."""
    return "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(asked.items())
    )


def authorization(
    key: AccessKey, method: str, path: str, query: str, headers: Mapping[str, str], *, at: datetime
) -> str:
    """Return the header that proves a request.

    :param headers: all that are signed, by small names; host and x-amz-content-sha256 among them.
    """
    moment = amz_date(at)
    names = ";".join(sorted(headers))
    lines = [f"{name}:{headers[name].strip()}" for name in sorted(headers)]
    digest = headers["x-amz-content-sha256"]
    request = "\n".join([method, quote(path, safe="/"), query, *lines, "", names, digest])
    scope = f"{moment[:8]}/{key.region}/s3/aws4_request"
    signed = "\n".join([_ALGORITHM, moment, scope, hashlib.sha256(request.encode()).hexdigest()])
    proof = f"AWS4{key.secret}".encode()
    for part in (*scope.split("/"), signed):
        proof = hmac.digest(proof, part.encode(), "sha256")
    return (
        f"{_ALGORITHM} Credential={key.name}/{scope},SignedHeaders={names},Signature={proof.hex()}"
    )


def amz_date(at: datetime) -> str:
    """Return an instant as requests carry it."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
