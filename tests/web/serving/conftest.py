"""A front around a small WSGI application, asked without any network."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from siweb.web.serving.front import Front
from siweb.web.serving.limits import Limits

SMALL = Limits(
    body_bytes=1_000,
    spool_bytes=400_000,
    memory_bytes=100_000,
    reserve_bytes=0,
    idle_seconds=0.05,
    grace_seconds=0.2,
    slowest_bytes_per_second=1_000_000,
    send_seconds=0.05,
    threads=2,
    waiting=3,
)


class Visit:
    """One request and what was answered; `body` are messages, None among them waits for ever."""

    def __init__(self, *body, path="/", method="GET", headers=(), takes=None):
        self.scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": list(headers),
            "http_version": "1.1",
            "scheme": "http",
            "server": ("127.0.0.1", 8000),
            "client": ("192.0.2.7", 1234),
        }
        self._body = list(body)
        # How many messages the visitor's network takes before it takes none any more.
        self._takes = takes
        self.sent = []

    async def receive(self):
        found = self._body.pop(0) if self._body else None
        if found is None:
            await asyncio.Event().wait()
        if isinstance(found, dict):
            return found
        data, more = found
        return {"type": "http.request", "body": data, "more_body": more}

    async def send(self, message):
        if self._takes is not None and len(self.sent) >= self._takes:
            await asyncio.Event().wait()
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def headers(self):
        return dict(self.sent[0]["headers"])

    @property
    def answer(self):
        return b"".join(message["body"] for message in self.sent[1:])


def form(*parts, length=None, **values):
    """A visit that sends a body in parts; `length` is what it announces."""
    announced = sum(len(part) for part in parts if part) if length is None else length
    headers = [(b"content-length", str(announced).encode())]
    last = len(parts) - 1
    body = [None if part is None else (part, number < last) for number, part in enumerate(parts)]
    return Visit(*body, method="POST", headers=headers, **values)


@pytest.fixture
def make_front(tmp_path):
    def make(app, writes=lambda _path: False, **limits):
        return Front(app, tmp_path / "spool", replace(SMALL, **limits), writes)

    return make


def ask(front, *visits):
    """Ask a front for all visits at once."""

    async def together():
        await asyncio.gather(*(front(each.scope, each.receive, each.send) for each in visits))

    # In a thread of its own: a browser that is open in this process has this thread's loop.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, together()).result()
    return visits[0]
