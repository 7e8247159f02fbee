"""Slow visitors in great number, and how the office answers the quick ones meanwhile.

A third sends half a form and leaves it open, a third half a head, a third asks for a page again and
again on one connection and reads none of the answers.
"""

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

HALF_A_FORM = (
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na="
)
HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: "
UNREAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20
KINDS = (HALF_A_FORM, HALF_A_HEAD, UNREAD)
_TIMEOUT = 20.0


class Meanwhile(NamedTuple):
    """One page asked for while the slow ones held on: seconds of each answer, and its status."""

    path: str
    seconds: Sequence[float]
    statuses: frozenset[int]


@contextmanager
def slow_visitors(port: int, number: int, kinds: Sequence[bytes] = KINDS) -> Iterator[None]:
    """Hold so many slow connections open."""
    held: list[socket.socket] = []
    try:
        for turn in range(number):
            slow = socket.socket()
            # Little room for what is not read: the server notices soon.
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.settimeout(_TIMEOUT)
            slow.connect(("127.0.0.1", port))
            slow.sendall(kinds[turn % len(kinds)])
            held.append(slow)
        yield
    finally:
        for slow in held:
            slow.close()


def ask(port: int, path: str) -> int:
    """Return the status of a page asked for on a connection of its own.

    :raises TimeoutError: when it does not answer.
    """
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT) as quick:
        quick.sendall(request.encode())
        answer = b""
        while part := quick.recv(65536):
            answer += part
    return int(answer[9:12])


def measure_meanwhile(port: int, number: int, paths: Sequence[str], times: int) -> list[Meanwhile]:
    """Return how pages answer while so many slow connections are held."""
    found = []
    with slow_visitors(port, number):
        for path in paths:
            seconds, statuses = [], set()
            for _time in range(times):
                started = time.perf_counter()
                statuses.add(ask(port, path))
                seconds.append(time.perf_counter() - started)
            found.append(Meanwhile(path, sorted(seconds), frozenset(statuses)))
    return found


def seconds_until_closed(port: int, sent: bytes, longest: float) -> tuple[float, bytes]:
    """Return how long a half-sent request is waited for, and what the server then says."""
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=longest) as slow:
        slow.sendall(sent)
        answer = b""
        while part := slow.recv(65536):
            answer += part
    return time.perf_counter() - started, answer
