"""A WSGI application called for one request: what it is given, and its whole answer."""

import logging
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

from siweb.web.failures.trace import failure_trace
from siweb.web.serving.bodies import Scope
from siweb.web.serving.spool import IN_MEMORY, Budget, NoRoom, Spool

log = logging.getLogger("siweb")
BUSY = "The office is busy. 系统繁忙，请稍后再试。\n"
LATER = (b"retry-after", b"30")
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Answer:
    """A whole answer; a long one lies in a spool, which is closed when it was sent."""

    status: int
    headers: Headers
    body: bytes | Spool = b""

    @property
    def size(self) -> int:
        """Return the bytes of the body."""
        return self.body.size if isinstance(self.body, Spool) else len(self.body)

    def close(self) -> None:
        """Give back what the answer takes."""
        if isinstance(self.body, Spool):
            self.body.close()


def plain_answer(status: int, text: str, *headers: tuple[bytes, bytes]) -> Answer:
    """Return an answer that costs nothing to make."""
    return Answer(
        status,
        [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            *headers,
        ],
        text.encode(),
    )


def environ_of(scope: Scope, body: IO[bytes], length: int | None) -> dict[str, Any]:
    """Return a request as WSGI has it; `length` is that of the body, None without one."""
    host, port = scope.get("server") or ("", 0)
    client = scope.get("client") or ("", 0)
    path = scope.get("raw_path") or scope["path"].encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # As bytes: an address that is no UTF-8 must not end in a failure here.
        "PATH_INFO": unquote_to_bytes(path.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # X_Forwarded_For would come out as X-Forwarded-For, which only a proxy may say.
        if b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        if key in environ:
            text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        environ[key] = text
    environ.pop("CONTENT_LENGTH", None)
    # The body is here as a whole: its length is known by now, and chunks there are none any more.
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def call(app: WSGIApplication, environ: dict[str, Any], budget: Budget) -> Answer:
    """Return the whole answer of an application, so that its thread is free while it is sent."""
    try:
        return _call(app, environ, budget)
    except NoRoom:
        return plain_answer(503, BUSY, LATER)
    except Exception as error:  # noqa: BLE001 - whatever failed, the visitor gets an answer
        log.error("outside of the pages\n%s", failure_trace(error))  # noqa: TRY400
        return plain_answer(500, "Something failed. 系统出错，请稍后再试。\n")


def _call(app: WSGIApplication, environ: dict[str, Any], budget: Budget) -> Answer:
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _error: Any = None, /
    ) -> Callable[[bytes], object]:
        started[:] = [(status, headers)]
        return written.append

    parts = app(environ, start_response)
    try:
        body = _collect(parts, written, budget)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = started[0]
    encoded = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in headers]
    answer = Answer(int(status[:3]), encoded, body)
    if all(name != b"content-length" for name, _value in encoded):
        # A long answer that is given up half-way must not look like a whole one.
        answer.headers.append((b"content-length", str(answer.size).encode()))
    return answer


def _collect(parts: Iterable[bytes], written: list[bytes], budget: Budget) -> bytes | Spool:
    spool: Spool | None = None
    size = 0
    try:
        for part in parts:
            written.append(part)
            size += len(part)
            if size > IN_MEMORY:
                spool = spool or Spool(budget)
                spool.write(b"".join(written))
                written.clear()
    except BaseException:
        if spool is not None:
            spool.close()
        raise
    if spool is None:
        return written[0] if len(written) == 1 else b"".join(written)
    return spool
