"""The least that a page can cost: a bare Flask application, served as the office is."""

import os
import sys

from flask import Flask
from granian.constants import Interfaces
from granian.server import Server


def create_app() -> Flask:
    """Return an application that says hello and does nothing else."""
    app = Flask("hello")

    @app.get("/")
    def hello() -> str:
        return "Hello"

    return app


def serve(port: int) -> None:
    """Serve it with the settings of `siweb serve`."""
    Server(
        "siweb.bench.hello:create_app",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=os.cpu_count() or 1,
        blocking_threads=4,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
