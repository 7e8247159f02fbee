"""The server that runs the office: one place for how it is set up."""

import multiprocessing
import resource
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from granian._granian import SocketHolder
from granian._internal import load_target
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from siweb.monitoring.json_log import SERVER_LOG
from siweb.monitoring.shared_counts import begin_counting
from siweb.settings import Settings

# Connections the kernel holds until they are taken; more than Linux gives unasked is not given.
_BACKLOG = 1024
# Connections of one process, slow ones and kept ones included; each takes a file descriptor.
_CONNECTIONS = 16_384
_OWN_FILES = 512
# Milliseconds for a request's head, and for a kept connection between two requests.
_HEAD_TIMEOUT = 15_000
# Milliseconds after which the kernel gives up a reader that takes nothing of what was sent.
_UNREAD_TIMEOUT = 60_000
# Seconds that a process has to finish what it does when it is told to stop.
_STOP_SECONDS = 10
_ENDING = {signal.SIGTERM, signal.SIGINT}


class CannotListen(Exception):
    """The address of the settings cannot be listened on; the message is a sentence."""


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens on the address of the settings.

    Granian's own sockets share a port, so that a second office would start beside the first and
    each would get some of the visitors.

    :raises CannotListen: when another program listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_TIMEOUT)
    try:
        sock.bind((settings.host, settings.port))
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        raise CannotListen(
            f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror}. "
            "Stop what listens there, or set SIWEB_HOST and SIWEB_PORT."
        ) from error
    return sock


def serve(target: str, settings: Settings, sock: socket.socket) -> None:
    """Serve the ASGI application that a factory, "module:function", makes, until told to stop."""
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)
    begin_counting(settings.var_dir / "counts")
    server = _Server(
        target,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        # Proxies speak it to what is behind them; an idle connection of HTTP/2 has no time limit.
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.workers,
        backlog=_BACKLOG,
        backpressure=most_connections(),
        http1_settings=HTTP1Settings(header_read_timeout=_HEAD_TIMEOUT),
        workers_kill_timeout=_STOP_SECONDS,
        log_access=False,
        log_dictconfig=SERVER_LOG if settings.log_format == "json" else None,
    )
    server.office_socket = sock
    server.serve(target_loader=partial(_load, target), wrap_loader=False)


class _Server(MPServer):
    """Granian, on a socket of ours, and with workers that end whenever they are told to."""

    office_socket: socket.socket

    def _init_shared_socket(self) -> None:
        sock = self.office_socket
        sock.setblocking(False)
        self._ssp = None
        self._sso = sock
        holder: Any = SocketHolder
        self._sfd: Any = sock.fileno()
        self._shd: Any = holder(self._sfd, False, _BACKLOG)

    def _spawn_workers(self, spawn_target: Any, target_loader: Callable[[], Any]) -> None:
        # A child begins with the parent's handlers, which only set a flag: a signal that comes
        # before the child has its own would be lost. It waits until `_load` lets it through.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def _load(target: str) -> Any:
    """Return the application, in a worker that ends at once when it is told to meanwhile."""
    for ending in _ENDING:
        signal.signal(ending, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    return load_target(target, factory=True)


def most_connections() -> int:
    """Return how many connections one process holds: what its files leave, half at the least."""
    files = _open_files()
    return min(_CONNECTIONS, max(files - _OWN_FILES, files // 2))


def _open_files() -> int:
    """Return how many files a process may have open, after asking for as many as there may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _OWN_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(soft, wanted)
