"""The server that runs the office: one place for how it is set up."""

from granian.constants import Interfaces
from granian.server import Server

from siweb.settings import Settings


def server(target: str, settings: Settings) -> Server:
    """Return the server of an application factory, "module:function", ready to serve."""
    return Server(
        target,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=settings.workers,
        blocking_threads=4,
        log_access=False,
    )
