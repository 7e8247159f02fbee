"""Ask a server over kept connections, as fast as it answers, and say how long it took.

A connection is one thread that sends, reads the whole answer and sends again: little work beside
the server's, so that on two cores the server has one to itself.
"""

import socket
import threading
import time
from collections.abc import Sequence
from typing import NamedTuple

_READ = 65536
# What a Chinese phone browser sends with each request.
BROWSER = (
    (
        "User-Agent",
        "Mozilla/5.0 (Linux; Android 12; HarmonyOS) AppleWebKit/537.36 Chrome/114.0 Mobile",
    ),
    ("Accept", "text/html,application/xhtml+xml"),
    ("Accept-Language", "zh-CN,zh;q=0.9"),
)


class WrongAnswer(Exception):
    """The server answered something else than 200."""


class Load(NamedTuple):
    """What one round found: the seconds of each request, and those of the whole round."""

    took: list[float]
    passed: float


class KeptConnection:
    """One connection that answers one request after the other."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """Return the whole answer.

        :raises WrongAnswer: when it is not a 200.
        """
        self._socket.sendall(request)
        answer = self._socket.recv(_READ)
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self._more()
        length = end + 4 + _content_length(answer[:end])
        while len(answer) < length:
            answer += self._more()
        if not answer.startswith(b"HTTP/1.1 200"):
            raise WrongAnswer(answer[:200].decode("latin-1"))
        return answer

    def close(self) -> None:
        """Give the connection back."""
        self._socket.close()

    def _more(self) -> bytes:
        part = self._socket.recv(_READ)
        if not part:
            raise WrongAnswer("the server closed the connection")
        return part


def request_of(path: str, cookie: str = "") -> bytes:
    """Return the bytes with which a Chinese phone browser asks for a page."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in BROWSER),
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def measure(port: int, requests: Sequence[bytes], *, seconds: float, connections: int = 4) -> Load:
    """Send the requests in turn for some seconds over several connections."""
    took: list[list[float]] = [[] for _ in range(connections)]
    failed: list[Exception] = []
    until = time.perf_counter() + seconds

    def run(number: int) -> None:
        try:
            connection = KeptConnection(port)
            turn = number
            while (started := time.perf_counter()) < until:
                connection.ask(requests[turn % len(requests)])
                took[number].append(time.perf_counter() - started)
                turn += connections
            connection.close()
        except (OSError, WrongAnswer) as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.perf_counter() - started
    if failed:
        raise failed[0]
    return Load([each for part in took for each in part], passed)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise WrongAnswer("no content-length")
