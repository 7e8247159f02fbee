"""siweb papers: which of those that were given out the office does not know any more."""

from pathlib import Path

import click

from siweb.cli.counted import counted
from siweb.cli.settings import command_settings, require_current_schema
from siweb.db.engine import READ_ONLY, make_engine, make_sessions
from siweb.documents.proof.journal.line import journal_folder
from siweb.documents.proof.journal.missing import Unread, missing_papers
from siweb.settings import PREFIX, Settings


@click.group()
def papers() -> None:
    """Hold the papers that were given out to those that the database has."""


@papers.command()
@click.option("--in", "folder", type=click.Path(path_type=Path), help="Else SIWEB_PAPERS_DIR.")
def missing(folder: Path | None) -> None:
    """List the papers of the journal that the database does not have, and end with 1.

    After a restore: each was shown to somebody since the backup, and what it is a receipt of is
    not here. A line has its instant, kind, region and the number that stands on it.
    """
    settings = command_settings()
    require_current_schema(settings)
    place = folder or journal_folder(settings)
    if place is None:
        raise click.UsageError(f"Name --in, or set {PREFIX}PAPERS_DIR: no journal is kept.")
    found = missing_lines(settings, place)
    for line in found:
        click.echo(line)
    if found:
        raise click.ClickException(f"Of the journal, missing here: {counted(len(found), 'paper')}.")
    click.echo("Every paper of the journal is here.")


def missing_lines(settings: Settings, folder: Path) -> list[str]:
    """Return a line for each paper that the database does not have.

    :raises click.ClickException: when the journal cannot be read.
    """
    engine = make_engine(settings.engine_url)
    try:
        with make_sessions(engine.execution_options(**{READ_ONLY: True}))() as session:
            return [
                f"{line.file}, line {line.number}: cannot be read"
                if isinstance(line, Unread)
                else str(line)
                for line in missing_papers(session, folder)
            ]
    except OSError as error:
        raise click.ClickException(f"The journal in {folder} cannot be read.") from error
    finally:
        engine.dispose()
