"""Files in a bucket of an S3-compatible object store."""

import hashlib
import html
import http.client
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import urlsplit

from siweb import clock
from siweb.files.folder import LENGTH
from siweb.files.signature import AccessKey, amz_date, authorization, query_of

_SECONDS = 60
_NOTHING = hashlib.sha256().hexdigest()
_KEY = re.compile(r"<Key>([^<]+)</Key>")
_NEXT = re.compile(r"<NextContinuationToken>([^<]+)</NextContinuationToken>")


class StoreFault(OSError):
    """The object store did not do what it was asked; the message says what it answered."""


class Bucket:
    """A bucket: at its own name (https://bucket.host), or by its path (https://host/bucket)."""

    def __init__(self, address: str, key: AccessKey) -> None:
        parts = urlsplit(address)
        self._is_secure, self._host = parts.scheme == "https", parts.netloc
        self._path, self._key = parts.path.rstrip("/"), key

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file whole, or not at all: the store shows what one request brought entirely.

        What is sent is sealed already; it lies on this machine until its hash is known.
        """
        digest = hashlib.sha256()
        with TemporaryFile() as body:
            for piece in pieces:
                framed = len(piece).to_bytes(LENGTH) + piece
                digest.update(framed)
                body.write(framed)
            size = body.tell()
            body.seek(0)
            with self._asked("PUT", name, body=body, size=size, digest=digest.hexdigest()):
                pass

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file's pieces.

        :raises FileNotFoundError: when there is none.
        :raises StoreFault: when it ends too early.
        """
        with self._asked("GET", name) as answer:
            size, got = int(answer.headers["Content-Length"]), 0
            while got < size:
                length = int.from_bytes(answer.read(LENGTH))
                piece = answer.read(length)
                if not length or len(piece) != length:
                    raise StoreFault(f"The object store sent {name} only in part.")
                got += LENGTH + length
                yield piece

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError), self._asked("DELETE", name):
            pass

    def names(self, kind: str) -> Iterator[str]:
        """Yield the names of a kind's files."""
        asked = {"list-type": "2", "prefix": f"{kind}/"}
        while True:
            with self._asked("GET", "", asked) as answer:
                page = answer.read().decode()
            yield from map(html.unescape, _KEY.findall(page))
            following = _NEXT.search(page)
            if following is None:
                return
            asked["continuation-token"] = html.unescape(following[1])

    def require(self) -> None:
        """Ask for the bucket.

        :raises StoreFault: when it does not answer, or not this key.
        """
        try:
            with self._asked("GET", "", {"list-type": "2", "max-keys": "1"}):
                pass
        except FileNotFoundError as error:
            raise StoreFault("The object store has no such bucket.") from error

    @contextmanager
    def _asked(
        self,
        method: str,
        name: str,
        asked: Mapping[str, str] | None = None,
        *,
        body: IO[bytes] | None = None,
        size: int = 0,
        digest: str = _NOTHING,
    ) -> Iterator[http.client.HTTPResponse]:
        path = f"{self._path}/{name}".rstrip("/") or "/"
        query, at = query_of(asked or {}), clock.now()
        headers = {
            "host": self._host,
            "x-amz-content-sha256": digest,
            "x-amz-date": amz_date(at),
        }
        proof = authorization(self._key, method, path, query, headers, at=at)
        sent = headers | {"Authorization": proof, "Content-Length": str(size)}
        kind = http.client.HTTPSConnection if self._is_secure else http.client.HTTPConnection
        connection = kind(self._host, timeout=_SECONDS)
        try:
            connection.request(method, f"{path}?{query}" if query else path, body, sent)
            answer = connection.getresponse()
            if answer.status == http.client.NOT_FOUND:
                raise FileNotFoundError(name)
            if answer.status >= http.client.MULTIPLE_CHOICES:
                raise StoreFault(f"The object store answered {answer.status} {answer.reason}.")
            yield answer
        except http.client.HTTPException as error:
            raise StoreFault("The object store broke the connection off.") from error
        finally:
            connection.close()
