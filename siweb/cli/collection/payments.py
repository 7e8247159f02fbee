"""siweb close-day."""

import click

from siweb import clock, schema
from siweb.audit.actor import COMMAND
from siweb.cli.collection.queued import queued_line
from siweb.cli.counted import counted
from siweb.cli.sealing import seal_now, show_head
from siweb.cli.settings import command_seal_key, command_settings
from siweb.collection.arrears.daily import count_arrears_day
from siweb.collection.books.seal_day import seal_day
from siweb.collection.levy.adjustment.tasks import queue_adjustments
from siweb.db.engine import make_engine, make_sessions
from siweb.db.statistics import collect_after
from siweb.jobs.in_portions import let_others_in
from siweb.registry.packs.in_force import packs_in_force

assert schema.metadata.tables


@click.command("close-day")
def close_day() -> None:
    """Bring arrears to today and seal the books; run it once a day, again does no harm."""
    on, at = clock.today(), clock.now()
    settings = command_settings()
    key = command_seal_key(settings)
    engine = make_engine(settings.engine_url)
    with make_sessions(engine)() as session:
        packs = packs_in_force(session)
        day = count_arrears_day(session, packs=packs, on=on, at=at)
        let_others_in(session)
        queued = queue_adjustments(session, packs, on=on, at=at)
        let_others_in(session)
        # The seal alone is one transaction: what it covers is what is there at one moment.
        rows = seal_day(session, key=key, on=on, at=at, actor=COMMAND)
        session.commit()
        collect_after(session, day.found + rows)
        session.commit()
    if queued:
        click.echo(queued_line(queued))
    click.echo(
        f"Arrears: {day.found} found, {day.overdue} overdue, {day.paid} paid. "
        f"Sealed {counted(rows, 'row')}."
    )
    # The books' seals are noted in the log: one head holds both.
    seal_now(settings, engine)
    show_head(settings, engine)
