"""siweb import-statement and siweb close-day."""

import tomllib
from pathlib import Path

import click
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.audit.actor import Actor, Channel
from siweb.cli.settings import command_sessions
from siweb.collection.arrears.daily import count_arrears_day
from siweb.collection.books.seal_day import seal_day
from siweb.collection.levy.adjustment.tasks import queue_adjustments
from siweb.collection.statements.import_entries import (
    Imported,
    import_piece,
    keep_mapping,
    open_statement,
    pieces,
    read_statement,
)
from siweb.collection.statements.read_csv import CsvMapping, StatementRefused
from siweb.db.claim import ClaimedElsewhere
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.region import Region

assert schema.metadata.tables
COMMAND = Actor(account_id=None, person_id=None, channel=Channel.COMMAND)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--region", required=True, help="The region's code.")
@click.option("--bank", required=True, help="The bank's name; 'tax' for the tax office's list.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file that names the columns of the bank's CSV; kept for the next time.",
)
def import_statement(file: Path, region: str, bank: str, mapping: Path | None) -> None:
    """Import FILE, a bank statement as CSV or camt.053; again, and it counts once."""
    sessions = command_sessions()
    total = Imported()
    try:
        with sessions() as session, file.open("rb") as source:
            if session.get(Region, region) is None:
                raise click.BadParameter(f"{region} is not a region of this office.")
            if mapping is not None:
                _keep_mapping(session, region, bank, mapping)
            statement = open_statement(
                session, region, bank, file, file_name=file.name, actor=COMMAND, at=clock.now()
            )
            session.commit()
            entries = read_statement(session, statement, source)
            for piece in pieces(entries, statement.done_entries):
                counts = import_piece(session, statement.id, piece, actor=COMMAND, at=clock.now())
                session.commit()
                total.add(counts)
    except ClaimedElsewhere:
        raise click.ClickException("Another process imports this statement already.") from None
    except StatementRefused as error:
        where = f" in line {error.line}, {error.column}" if error.line else ""
        raise click.ClickException(f"The file cannot be read: {error.code}{where}.") from error
    click.echo(
        f"Read {total.read} entries: {total.new} new ({total.matched} matched), "
        f"{total.known} known before."
    )
    if total.differing:
        click.echo(
            f"{total.differing} of them say something else than what was imported under their "
            "number; they wait among the payments to be matched."
        )


@click.command("close-day")
def close_day() -> None:
    """Bring arrears to today and seal the books; run it once a day, again does no harm."""
    on, at = clock.today(), clock.now()
    with command_sessions()() as session:
        day = count_arrears_day(session, on=on, at=at)
        queued = queue_adjustments(session, packs_in_force(session), on=on, at=at)
        rows = seal_day(session, on=on, at=at, actor=COMMAND)
        session.commit()
    if queued:
        click.echo(f"Notices came for {queued} regions: their adjustments wait at the desk.")
    click.echo(
        f"Arrears: {day.found} found, {day.overdue} overdue, {day.paid} paid. Sealed {rows} rows."
    )


def _keep_mapping(session: Session, region: str, bank: str, file: Path) -> None:
    try:
        given = CsvMapping.from_json(tomllib.loads(file.read_text("utf-8")))
    except (TypeError, ValueError) as error:
        raise click.BadParameter(f"{file.name} is not a mapping: {error}.") from error
    keep_mapping(session, region, bank, given, actor=COMMAND, at=clock.now())
