"""The asynchronous front: what a visitor's network is slow at holds no thread.

A request comes here completely before a thread works on it, and its answer lies here completely
before it is sent. So a few threads, each with a database connection, serve all who are quick,
however many are slow.
"""

import asyncio
import io
import time
from collections.abc import Callable
from pathlib import Path
from wsgiref.types import WSGIApplication

from siweb.web.failures.refused import REFUSED
from siweb.web.serving.bodies import (
    BodyTooLong,
    BodyTooSlow,
    Receive,
    Scope,
    Send,
    VisitorGone,
    announced_length,
    read_body,
)
from siweb.web.serving.call import (
    BUSY,
    LATER,
    Answer,
    call,
    environ_of,
    plain_answer,
)
from siweb.web.serving.limits import Limits
from siweb.web.serving.spool import Budget, NoRoom, Spool
from siweb.web.serving.threads import Threads

SIGN_OF_LIFE = "/healthz"
_READING = {"GET", "HEAD", "OPTIONS"}
_CLOSE = (b"connection", b"close")
_SLOW = "The request did not come completely. 请求未完整送达，请重试。\n"


class Front:
    """An ASGI application around a WSGI one."""

    def __init__(
        self,
        app: WSGIApplication,
        folder: Path,
        limits: Limits,
        writes: Callable[[str], bool] = lambda _path: False,
    ) -> None:
        """Take an application, and what says of a path whether reading its page writes."""
        folder.mkdir(parents=True, exist_ok=True)
        self._app = app
        self._writes = writes
        self._limits = limits
        self.budget = Budget(folder, limits)
        self._readers: Threads[Answer] = Threads(limits.threads, limits.turn_seconds)
        self._writers: Threads[Answer] = Threads(limits.threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if scope["path"] == SIGN_OF_LIFE:
            # No thread, no database, no session: it says only that the process answers.
            await self._send(plain_answer(200, "ok"), send)
            return
        try:
            answer = await self._answer(scope, receive)
        except VisitorGone:
            return
        try:
            await self._send(answer, send)
        finally:
            answer.close()

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        length = announced_length(scope)
        if length == 0:
            return await self._call(scope, io.BytesIO(), None)
        with Spool(self.budget) as spool:
            try:
                await read_body(receive, spool, length, self._limits)
            except BodyTooLong:
                answer = await self._call(scope, io.BytesIO(), 0, refused=413)
                # What was not read of the body stands before the next request.
                answer.headers.append(_CLOSE)
                return answer
            except BodyTooSlow:
                return plain_answer(408, _SLOW, _CLOSE)
            except NoRoom:
                return plain_answer(503, BUSY, _CLOSE, LATER)
            spool.file.seek(0)
            return await self._call(scope, spool.file, spool.size)

    async def _call(
        self, scope: Scope, body: io.IOBase, length: int | None, *, refused: int | None = None
    ) -> Answer:
        reads = scope["method"] in _READING and not self._writes(scope["path"])
        threads = self._readers if reads else self._writers
        if threads.asked >= self._limits.waiting:
            return plain_answer(503, BUSY, LATER)
        environ = environ_of(scope, body, length)  # type: ignore[arg-type]
        if refused is not None:
            environ[REFUSED] = refused
        until = time.monotonic() + self._limits.waiting_seconds

        def make() -> Answer:
            # Looked at when its turn comes: who waited that long is not there any more to read it.
            if time.monotonic() > until:
                return plain_answer(503, BUSY, LATER)
            return call(self._app, environ, self.budget)

        return await threads.run(make)

    async def _send(self, answer: Answer, send: Send) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": answer.headers,
            }
        )
        if not isinstance(answer.body, Spool):
            await send({"type": "http.response.body", "body": answer.body, "more_body": False})
            return
        try:
            for part in answer.body.parts():
                async with asyncio.timeout(self._limits.send_seconds):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
        except TimeoutError:
            # The announced length is not reached: the server closes the connection.
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})
