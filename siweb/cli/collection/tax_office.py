"""siweb export-levy."""

from pathlib import Path

import click

from siweb import schema
from siweb.cli.collection.levy import read_month
from siweb.cli.counted import counted
from siweb.cli.settings import command_settings
from siweb.collection.statements.tax_office import export_due
from siweb.db.engine import READ_ONLY, make_engine, make_sessions
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.region import Region
from siweb.rules.parameters.parameter_set import ParameterMissing

assert schema.metadata.tables


@click.command("export-levy")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--region", required=True, help="The region's code.")
@click.option("--month", required=True, help="The contribution month, YYYY-MM.")
def export_levy(file: Path, region: str, month: str) -> None:
    """Write what the tax office collects of a month to FILE, a CSV; take the place of an old one.

    What was paid comes back with siweb import-statement --bank tax.
    """
    read_month(month)
    engine = make_engine(command_settings().engine_url)
    with make_sessions(engine.execution_options(**{READ_ONLY: True}))() as session:
        if session.get(Region, region) is None:
            raise click.BadParameter(f"{region} is not a region of this office.")
        written = -1
        try:
            with file.open("w", encoding="utf-8", newline="") as target:
                for line in export_due(session, region, month, packs=packs_in_force(session)):
                    target.write(line)
                    written += 1
        except ParameterMissing as missing:
            raise click.ClickException(str(missing)) from missing
    click.echo(f"Wrote {counted(written, 'line')}.")
