"""Visit an office on SQLite as many people do at once, alone and beside a levy and a long list.

`make load` runs it: Locust in an environment of its own asks `siweb serve`, which runs as it would
on a small machine, with two workers for what runs in the background.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session, sessionmaker

from siweb.bench.filings import make_sheet
from siweb.bench.office import throwaway_office
from siweb.bench.slow import ask
from siweb.db.engine import make_engine, make_sessions
from siweb.settings import Settings
from tests.load import made_office
from tests.load.report import failures, missed, read_found, rounds, table

HERE = Path(__file__).parent
USERS = 60
ROUNDS = ("alone", "beside")
# A task asks so many times in the middle: forms are read, and then sent.
REQUESTS_A_TASK = 1.39
START_SECONDS, LONGEST_SECONDS = 60, 1_800


def main() -> None:
    """Make the office, visit it twice, print both tables; end with 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--locust", default="locust", help="Locust's own command")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--rate", type=int, default=60, help="requests a second")
    parser.add_argument("--seconds", type=int, default=600, help="of each of the two rounds")
    parser.add_argument("--rows", type=int, default=100_000, help="of the long list")
    parser.add_argument("--processes", type=int, default=2, help="of the server")
    given = parser.parse_args()
    faults = []
    with throwaway_office(port=_free_port(), demo=True, workers=given.processes) as settings:
        places = settings.var_dir / "load.json"
        filer = made_office.make_office(settings, given.people, places)
        sheet = make_sheet(settings.var_dir / "list.xlsx", given.rows)
        sessions = make_sessions(make_engine(settings.engine_url))
        with (
            _running(settings, "serve"),
            _running(settings, "work"),
            _running(settings, "work"),
        ):
            _wait_for(settings.port)
            visits = _visits(given, settings, places, "alone")
            visits.wait()
            faults += _tell("Alone", settings.var_dir / "alone")
            visits = _visits(given, settings, places, "beside")
            took = _work_beside(sessions, sheet, filer)
            visits.wait()
            faults += _tell(f"Beside {took}", settings.var_dir / "beside")
    for fault in faults:
        click.echo(f"Missed: {fault}.")
    sys.exit(1 if faults else 0)


def _visits(
    given: argparse.Namespace, settings: Settings, places: Path, name: str
) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        "PYTHONPATH": "",
        "SIWEB_LOAD_OFFICE": str(places),
        "SIWEB_LOAD_FOUND": str(settings.var_dir / name),
        "SIWEB_LOAD_ROUND": str(ROUNDS.index(name)),
        "SIWEB_LOAD_PACE": str(given.rate / REQUESTS_A_TASK / USERS),
    }
    command = [given.locust, "-f", str(HERE / "visitors.py"), "--headless", "--only-summary"]
    command += ["--host", f"http://127.0.0.1:{settings.port}", "-t", f"{given.seconds}s"]
    command += ["-u", str(USERS), "-r", str(USERS), "--exit-code-on-error", "0"]
    out = (settings.var_dir / f"{name}.log").open("wb")
    return subprocess.Popen(command, env=environ, stdout=out, stderr=out)


def _work_beside(sessions: sessionmaker[Session], sheet: Path, filer: made_office.Actor) -> str:
    """Take a long list in and levy the month, both at once; return what it was, and how long."""
    began = time.monotonic()
    with sessions.begin() as session:
        filing_id = made_office.hand_in(session, sheet, filer)
    _until(sessions, lambda session: made_office.send_when_read(session, filing_id, filer))
    read = time.monotonic()
    with sessions.begin() as session:
        job_id = made_office.begin_levy(session, filer)
    _until(sessions, lambda session: made_office.is_done(session, job_id))
    levied = time.monotonic()
    _until(sessions, lambda session: made_office.is_applied(session, filing_id))
    applied = time.monotonic()
    return (
        f"a list (read in {read - began:.0f} s, applied in {applied - read:.0f} s) "
        f"and a levy ({levied - read:.0f} s)"
    )


def _until(sessions: sessionmaker[Session], is_so: Callable[[Session], bool]) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        with sessions.begin() as session:
            if is_so(session):
                return
        time.sleep(1)
    raise SystemExit("It took too long.")


def _tell(title: str, file: Path) -> list[str]:
    asked = read_found(file)
    found = rounds(asked)
    click.echo("\n".join([table(title, found), *failures(asked), ""]))
    return [f"{title}: {fault}" for fault in missed(found)]


@contextmanager
def _running(settings: Settings, command: str) -> Iterator[None]:
    environ = {name: value for name, value in os.environ.items() if "SIWEB_" not in name}
    environ |= {
        "SIWEB_CONFIG": "",
        "SIWEB_VAR_DIR": str(settings.var_dir),
        "SIWEB_PORT": str(settings.port),
        "SIWEB_WORKERS": str(settings.workers),
        "SIWEB_DEMO": "true",
        # Visitors say where they come from, as the office's proxy would: all are on this machine.
        "SIWEB_TRUSTED_PROXIES": "1",
    }
    words = [sys.executable, "-m", "siweb", command]
    process = subprocess.Popen(words, env=environ, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=START_SECONDS)


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            ask(port, "/readyz")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
