"""siweb seal."""

import click

from siweb.cli.counted import counted
from siweb.cli.sealing import read_head, seal_now
from siweb.cli.settings import command_settings
from siweb.db.engine import make_engine


@click.command("seal")
@click.option(
    "--new-key",
    is_flag=True,
    help="Go on with the present key although the last one is lost: siweb check goes on naming "
    "what nobody can prove any more.",
)
def seal(new_key: bool) -> None:
    """Seal what waits in the activity log, and print the head of its chain.

    The worker and the server do so twice a second; this is for an office where neither runs, and
    to send the head to another machine.
    """
    settings = command_settings()
    engine = make_engine(settings.engine_url)
    lines = seal_now(settings, engine, begins_anew=new_key)
    click.echo(f"Sealed {counted(lines, 'line')}.", err=True)
    if head := read_head(engine):
        click.echo(str(head))
