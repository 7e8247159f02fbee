"""siweb export-levy."""

from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile

import click

from siweb import clock, schema
from siweb.audit.actor import COMMAND
from siweb.auth.tables.appointment import Function
from siweb.cli.collection.levy import read_month
from siweb.cli.counted import counted
from siweb.cli.office.operator import maker_of, with_operator
from siweb.cli.settings import command_files, command_sessions
from siweb.collection.statements.tax_files import hand_over, write_due
from siweb.db.engine import READ_ONLY, make_sessions
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.region import Region
from siweb.rules.parameters.parameter_set import ParameterMissing

assert schema.metadata.tables


@click.command("export-levy")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--region", required=True, help="The region's code.")
@click.option("--month", required=True, help="The contribution month, YYYY-MM.")
@with_operator
def export_levy(file: Path, region: str, month: str, operator: str) -> None:
    """Write what the tax office collects of a month to FILE, a CSV; take the place of an old one.

    The office keeps the list as it was, with the day and who made it (Levy at the desk). What was
    paid comes back with siweb import-statement --bank tax.
    """
    read_month(month)
    sessions = command_sessions()
    with sessions() as session:
        if session.get(Region, region) is None:
            raise click.BadParameter(f"{region} is not a region of this office.")
        maker = maker_of(session, operator, Function.CONTRIBUTIONS, region_code=region)
        session.commit()
    # A reader: whoever writes meanwhile does not wait for a region's list.
    readers = make_sessions(sessions.kw["bind"].execution_options(**{READ_ONLY: True}))
    with TemporaryFile() as content:
        with readers() as session:
            try:
                packs = packs_in_force(session)
                due = write_due(session, region, month, content, packs=packs)
            except ParameterMissing as missing:
                raise click.ClickException(str(missing)) from missing
        with sessions() as session:
            # Kept before it is written out: the office has what it gave, whatever becomes of the
            # file.
            hand_over(session, command_files(), due, actor=maker or COMMAND, at=clock.now())
            session.commit()
        content.seek(0)
        with file.open("wb") as target:
            copyfileobj(content, target)
    click.echo(f"Wrote {counted(due.rows, 'line')}.")
