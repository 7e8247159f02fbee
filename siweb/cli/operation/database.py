"""siweb migrate."""

import click

from siweb.cli.settings import command_settings
from siweb.db.engine import make_engine
from siweb.db.migrate import migrate as migrate_database


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema; create it when there is none."""
    migrate_database(make_engine(command_settings().engine_url))
    click.echo("The database is at the newest schema.")
