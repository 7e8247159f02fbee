"""Slow visitors in great number, and how the office answers the quick ones meanwhile.

A third sends half a form and leaves it open, a third half a head, a third asks for a page again and
again on one connection and reads none of the answers.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from siweb.bench.office import throwaway_office
from siweb.db.engine import make_engine
from siweb.db.migrate import migrate
from siweb.settings import Settings
from siweb.web.serving.server import most_connections

HALF_A_FORM = (
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na="
)
HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: "
UNREAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20
KINDS = (HALF_A_FORM, HALF_A_HEAD, UNREAD)
PATHS = ("/healthz", "/", "/sign-in")
_TIMEOUT = 20.0
_OWN_CONNECTIONS = 16
_START_SECONDS = 60


class Answers(NamedTuple):
    """One page asked for again and again: seconds of each answer, shortest first, and statuses."""

    path: str
    seconds: Sequence[float]
    statuses: frozenset[int]


class Compared(NamedTuple):
    """The pages alone, then while so many slow connections were held."""

    connections: int
    alone: Sequence[Answers]
    meanwhile: Sequence[Answers]


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


def measure_answers(port: int, paths: Sequence[str], times: int) -> list[Answers]:
    """Return how pages answer now."""
    found = []
    for path in paths:
        seconds, statuses = [], set()
        for _time in range(times):
            started = time.perf_counter()
            statuses.add(ask(port, path))
            seconds.append(time.perf_counter() - started)
        found.append(Answers(path, sorted(seconds), frozenset(statuses)))
    return found


def measure_slow(number: int, times: int) -> Compared:
    """Return how an empty office answers, alone and while so many slow connections are held."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with throwaway_office(port=port, demo=True) as settings:
        migrate(make_engine(settings.engine_url))
        with served(settings):
            return compare(port, number, times)


def compare(port: int, number: int, times: int) -> Compared:
    """Measure what listens there; with fewer connections where a process may not open so many."""
    # As many as the server beside may have open, which is told the same limit.
    number = min(number, most_connections() - _OWN_CONNECTIONS)
    # The first page of a process compiles what all others use.
    measure_answers(port, PATHS, 1)
    alone = measure_answers(port, PATHS, times)
    with slow_visitors(port, number):
        return Compared(number, alone, measure_answers(port, PATHS, times))


@contextmanager
def served(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Serve an office from a process of its own, as `siweb serve` does."""
    environ = {
        **os.environ,
        "SIWEB_CONFIG": "",
        "SIWEB_VAR_DIR": str(settings.var_dir),
        "SIWEB_PORT": str(settings.port),
        "SIWEB_DEMO": "true",
    }
    command = [sys.executable, "-m", "siweb", "serve"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    try:
        # It listens at once and answers when it is up.
        _wait_for(settings.port, process)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=_START_SECONDS)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.perf_counter() + _START_SECONDS
    while True:
        try:
            ask(port, "/healthz")
        except OSError:
            if process.poll() is not None or time.perf_counter() > until:
                raise
            time.sleep(0.1)
        else:
            return
