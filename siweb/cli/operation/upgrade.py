"""siweb upgrade: bring an office to this version, and say how to go back."""

from pathlib import Path

import click
from sqlalchemy import Engine

from siweb import clock
from siweb.backup.archive import WrongKey
from siweb.backup.copy import CannotCopy, Copied, copy_database, require_room
from siweb.backup.retention import backup_folder
from siweb.cli.operation.database import migrate_office
from siweb.cli.operation.restore import wrong_books
from siweb.cli.settings import command_settings, require_no_later
from siweb.db.engine import make_engine
from siweb.db.migrations.one_version import newest_revision, revision_of
from siweb.settings import Settings


@click.command()
@click.option(
    "--to", type=click.Path(path_type=Path), help="Folder of the copy; else SIWEB_BACKUP_DIR."
)
@click.option("--copied", is_flag=True, help="Make no copy: one was made by other means.")
@click.option("--as-found", is_flag=True, help="Go on where sealed rows are found changed.")
def upgrade(to: Path | None, copied: bool, as_found: bool) -> None:
    """Bring the database to this version: look for room, copy it, migrate, prove the books.

    Stop siweb and its worker first. It ends with the lines by which one goes back.
    """
    settings = command_settings()
    engine = make_engine(settings.engine_url)
    require_no_later(engine)
    revision = revision_of(engine)
    if revision is None:
        raise click.ClickException("There is no office yet: siweb migrate makes its tables.")
    if revision == newest_revision():
        click.echo(f"The database is at {revision} already, that of this version.")
        return
    copy = None if copied else _copy(settings, engine, to or backup_folder(settings), revision)
    engine.dispose()
    migrate_office(settings, as_found=as_found)
    click.echo(f"The database was at {revision} and is at {newest_revision()} now.")
    wrong = wrong_books(settings)
    for line in wrong:
        click.echo(line)
    if not wrong:
        click.echo("The books balance.")
    _tell_way_back(copy, revision)
    if wrong:
        raise click.ClickException("It was migrated, but its books do not balance: go back.")


def _copy(settings: Settings, engine: Engine, folder: Path, revision: str) -> Copied:
    recipients = tuple(filter(None, settings.backup_recipient.split(",")))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        require_room(settings, engine, folder)
        copied = copy_database(
            engine, folder, revision=revision, at=clock.now(), recipients=recipients
        )
    except (CannotCopy, WrongKey) as error:
        raise click.ClickException(f"{error} Nothing was changed.") from error
    for path in copied.paths:
        click.echo(f"Copied: {path}")
    return copied


def _tell_way_back(copied: Copied | None, revision: str) -> None:
    if copied is None:
        return
    click.echo("To go back, which loses whatever is written from now on:")
    click.echo("  stop siweb and its worker (systemctl stop siweb siweb-work)")
    for line in copied.way_back:
        click.echo(f"  {line}")
    click.echo(f"  start the version of before, whose schema is {revision}")
