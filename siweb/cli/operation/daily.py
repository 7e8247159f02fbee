"""siweb daily: the tasks of every day, where no timers of systemd ask for them."""

import json
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import click

from siweb import clock
from siweb.cli.settings import command_settings
from siweb.hosting.schedule import tasks_due
from siweb.hosting.units import TASKS

_PAUSE_SECONDS = 20
_FILE = "daily.json"


@click.command()
def daily() -> None:
    """Run the tasks of every day at their hours until stopped: day, close-day, backup, check.

    In containers, beside server and worker; elsewhere timers do it (siweb install-service). What
    was missed while it did not run is done once it runs again.
    """
    file = command_settings().var_dir / _FILE
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    signal.signal(signal.SIGINT, lambda _number, _frame: stop.set())
    while not stop.is_set():
        do_due(file, clock.now().astimezone(clock.OFFICE_ZONE))
        stop.wait(_PAUSE_SECONDS)


def do_due(file: Path, at: datetime) -> None:
    """Run what is due, each in a process of its own: one that fails holds up no other."""
    # A new office has missed nothing: it counts from its first start.
    done = _read(file) or dict.fromkeys(TASKS, at)
    for task in tasks_due(done, at):
        ended = subprocess.run([sys.executable, "-m", "siweb", task], check=False)  # noqa: S603
        click.echo(f"siweb {task}: {'done' if ended.returncode == 0 else 'failed, see above'}")
        # Also when it failed: doctor names what is missing, and a task that cannot work now must
        # not be tried every minute of the night.
        done[task] = at
    file.write_text(json.dumps({task: when.isoformat() for task, when in done.items()}), "utf-8")


def _read(file: Path) -> dict[str, datetime]:
    if not file.exists():
        return {}
    kept = json.loads(file.read_text("utf-8"))
    return {task: datetime.fromisoformat(when) for task, when in kept.items()}
