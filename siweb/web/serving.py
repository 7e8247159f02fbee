"""The server that runs the office: one place for how it is set up."""

from granian.constants import Interfaces
from granian.server import Server

from siweb.settings import Settings


def serve(target: str, settings: Settings) -> None:
    """Serve what an application factory, "module:function", makes, until it is told to stop."""
    Server(
        target,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=settings.workers,
        blocking_threads=4,
        log_access=False,
    ).serve()
