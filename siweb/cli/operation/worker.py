"""siweb work."""

import logging
import signal
import threading

import click

from siweb.cli.settings import command_order, command_settings
from siweb.files.store import FileStore
from siweb.jobs.worker import run_worker
from siweb.registry.number_keys import require_number_keys
from siweb.secret_keys import PAPER
from siweb.settings import Settings
from siweb.web.database import open_database


@click.command()
def work() -> None:
    """Run background jobs until stopped; any number of these may run at once."""
    logging.basicConfig(level=logging.INFO)
    settings = command_settings()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    signal.signal(signal.SIGINT, lambda _number, _frame: stop.set())
    work_for(settings, stop)


def work_for(settings: Settings, stop: threading.Event) -> None:
    """Run the jobs of an office until `stop` is set."""
    require_number_keys(settings)
    run_worker(
        open_database(settings.engine_url).writers,
        stop,
        files=FileStore(settings.files_folder),
        secret=settings.secret(PAPER),
        language=settings.language,
        order=command_order(settings),
    )
