"""The body of a request, taken in completely before anything works on it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from siweb.web.serving.limits import Limits
from siweb.web.serving.spool import Spool

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class BodyTooLong(Exception):
    """Longer than one request may be, by what it says or by what came."""


class BodyTooSlow(Exception):
    """It stopped coming, or comes slower than any network of people."""


class VisitorGone(Exception):
    """Nobody is there to be answered."""


def announced_length(scope: Scope) -> int | None:
    """Return how long a request says its body is: 0 without one, None when it comes in chunks."""
    length = 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            length = int(value)
    return length


async def read_body(receive: Receive, spool: Spool, announced: int | None, limits: Limits) -> None:
    """Take a body into a spool.

    :raises BodyTooLong: before anything is read when it says so itself.
    :raises BodyTooSlow: when it is given up.
    :raises VisitorGone: when the connection ended.
    :raises NoRoom: when too much else is on its way.
    """
    if announced is not None and announced > limits.body_bytes:
        raise BodyTooLong
    started = time.monotonic()
    more = True
    while more:
        left = started + limits.seconds_for(spool.size) - time.monotonic()
        try:
            async with asyncio.timeout(min(left, limits.idle_seconds)):
                message = await receive()
        except TimeoutError as error:
            raise BodyTooSlow from error
        if message["type"] == "http.disconnect":
            raise VisitorGone
        data = message.get("body", b"")
        if spool.size + len(data) > limits.body_bytes:
            raise BodyTooLong
        spool.write(data)
        more = message.get("more_body", False)
