"""The office and, beside it in the same process, the least that a page can cost: a bare Flask."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from siweb.app import create_app as create_office
from siweb.app import front_of
from siweb.settings import Settings
from siweb.web.serving.front import Front
from siweb.web.serving.server import listen, serve

BARE = "/bare"


def create_bare() -> Flask:
    """Return an application that says hello and does nothing else."""
    app = Flask("bare")

    @app.get("/")
    def hello() -> str:
        return "Hello"

    return app


def create_beside(office: Flask) -> DispatcherMiddleware:
    """Return the office with the bare application beside it."""
    return DispatcherMiddleware(office, {BARE: create_bare()})


def create_front() -> Front:
    """Return both as the server runs them; the office has the settings of the environment."""
    settings = Settings.load()
    return front_of(create_beside(create_office(settings)), settings)


if __name__ == "__main__":
    found = Settings.load()
    serve("siweb.bench.visits.beside:create_front", found, listen(found))
