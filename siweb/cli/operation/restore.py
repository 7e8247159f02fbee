"""siweb restore: bring a backup into an empty database."""

from pathlib import Path

import click

from siweb.backup.archive import WrongKey, read_archive
from siweb.backup.manifest import NotABackup
from siweb.backup.restore import restore_backup
from siweb.backup.tables import CannotRestore
from siweb.cli.counted import counted
from siweb.cli.office.papers import missing_lines
from siweb.cli.sealing import seal_now
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.db.engine import make_engine, make_sessions
from siweb.documents.proof.journal.line import journal_folder
from siweb.ledgers.seals.seal import SealKey
from siweb.registry.packs.in_force import packs_in_force
from siweb.secret_keys import SEAL
from siweb.settings import SettingError, Settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the secret key of a sealed backup.",
)
def restore(file: Path, identity: Path | None) -> None:
    """Bring the backup FILE into the database and folder of the settings, which must be empty.

    A backup of an earlier version is brought up to this one; either database takes either's. The
    secrets come first: those that it holds, or the office's own, put where they were. The books
    are proved at the end.
    """
    try:
        # Without looking for keys: they may come with the backup.
        settings = Settings.load()
        key = None if identity is None else identity.read_text("ascii")
        with read_archive(file, key) as archive:
            made_at, rows = archive.manifest.made_at, restore_backup(settings, archive)
    except (SettingError, WrongKey, NotABackup, CannotRestore) as error:
        raise click.ClickException(str(error)) from error
    seal_now(settings, make_engine(settings.engine_url))
    click.echo(f"{counted(rows, 'row')} of {made_at:%Y-%m-%d %H:%M} UTC are here.")
    wrong = wrong_books(settings)
    for line in wrong:
        click.echo(line)
    if wrong:
        raise click.ClickException("It was restored, but its books do not balance.")
    click.echo("The books balance. What happened since then is not here: see the papers given out.")
    if (journal := journal_folder(settings)) is not None:
        missing = missing_lines(settings, journal)
        click.echo(f"Of the journal of papers, missing here: {counted(len(missing), 'paper')}.")


def wrong_books(settings: Settings) -> list[str]:
    """Return what does not balance in an office, a line each."""
    engine = make_engine(settings.engine_url)
    try:
        with make_sessions(engine)() as session:
            seals = SealKey.of(settings.secret(SEAL))
            return [*check_books(session, packs_in_force(session), Scope(), seals=seals).lines()]
    finally:
        engine.dispose()
