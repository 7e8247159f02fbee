"""siweb work."""

import logging
import os
import signal
import threading

import click

from siweb.audit.chain.sealer import start_sealing
from siweb.cli.sealing import sealer_of
from siweb.cli.settings import command_files, command_order, command_outbox, command_settings
from siweb.jobs.worker import run_worker
from siweb.monitoring.json_log import write_lines
from siweb.registry.number_keys import require_number_keys
from siweb.secret_keys import PAPER
from siweb.settings import Settings
from siweb.web.database import open_database

# On a small machine a long list and a page want the same core, and somebody waits for the page.
# Not much: a job that holds SQLite's right to write keeps others from writing while it gets none.
PAGES_FIRST = 5


@click.command()
def work() -> None:
    """Run background jobs until stopped; any number of these may run at once."""
    os.nice(PAGES_FIRST)
    logging.basicConfig(level=logging.INFO)
    settings = command_settings()
    write_lines(settings)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    signal.signal(signal.SIGINT, lambda _number, _frame: stop.set())
    work_for(settings, stop)


def work_for(settings: Settings, stop: threading.Event) -> None:
    """Run the jobs of an office until `stop` is set, and seal its activity log meanwhile."""
    require_number_keys(settings)
    database = open_database(settings.engine_url)
    outbox = command_outbox(settings)
    start_sealing(sealer_of(settings, database.engine), stop)
    run_worker(
        database.writers,
        stop,
        files=command_files(settings),
        secret=settings.secret(PAPER),
        language=settings.language,
        order=command_order(settings),
        outbox=outbox,
    )
