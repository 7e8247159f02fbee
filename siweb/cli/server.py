"""siweb serve and siweb demo."""

import os

import click
from granian.constants import Interfaces
from granian.server import Server

from siweb.cli.settings import command_settings
from siweb.db.engine import make_engine
from siweb.db.migrate import is_current
from siweb.db.migrate import migrate as migrate_database
from siweb.settings import Settings


@click.command()
def serve() -> None:
    """Serve the office on the address of the settings."""
    settings = command_settings()
    if not is_current(make_engine(settings.engine_url)):
        raise click.ClickException("The database is not at the newest schema: run siweb migrate.")
    click.echo(f"siweb listens on http://{settings.host}:{settings.port}")
    _serve(settings)


@click.command()
def demo() -> None:
    """Make a demonstration office when there is none, print its sign-ins and serve it."""
    os.environ.setdefault("SIWEB_DEMO", "true")
    settings = command_settings()
    engine = make_engine(settings.engine_url)
    migrate_database(engine)
    click.echo(f"\n  siweb demonstration office: http://{settings.host}:{settings.port}\n")
    _serve(settings)


def _serve(settings: Settings) -> None:
    Server(
        "siweb.app:create_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=4,
        log_access=False,
    ).serve()
