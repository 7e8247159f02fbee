"""Writers of the activity log side by side, while a sealer seals: none waits for another.

Each holds its transaction open for a few milliseconds, as the commit of a slow disk does.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from siweb import clock, schema
from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.audit.chain.hashing import ChainKeys
from siweb.audit.chain.link import ActivityLink
from siweb.audit.chain.prove import chain_faults
from siweb.audit.chain.sealer import Sealer
from siweb.audit.record import record_activity
from siweb.db.engine import make_engine, make_sessions
from siweb.db.migrate import migrate

assert schema.metadata.tables
_KEY = b"siweb bench activity"


class ActivitySpeed(NamedTuple):
    """Lines a second of one writer and of many; the chain was proved afterwards."""

    database: str
    writers: int
    alone: float
    many: float
    lines: int
    seconds_to_seal_the_rest: float

    @property
    def ratio(self) -> float:
        """Return how many times one writer's lines all of them write."""
        return self.many / self.alone


def measure_activity(
    writers: int, seconds: float, commit_milliseconds: float, url: str | None = None
) -> ActivitySpeed:
    """Write lines with one writer, then with several, each for so many seconds."""
    with tempfile.TemporaryDirectory(prefix="siweb-activity-") as folder:
        address = url or f"sqlite:///{Path(folder) / 'activity.sqlite3'}"
        engine = make_engine(address)
        migrate(engine)
        sessions = make_sessions(engine)
        with _sealing(address):
            alone, many = (
                _rate(sessions, number, seconds, commit_milliseconds / 1000)
                for number in (1, writers)
            )
        started = time.perf_counter()
        Sealer(engine, ChainKeys([_KEY])).seal(waits=True)
        rest = time.perf_counter() - started
        lines = _prove(sessions)
        engine.dispose()
    return ActivitySpeed(engine.dialect.name, writers, alone, many, lines, rest)


def _rate(
    sessions: sessionmaker[Session], writers: int, seconds: float, commit_seconds: float
) -> float:
    """Return how many lines a second so many threads write, each in a transaction of its own."""
    ready = threading.Barrier(writers + 1)

    def write(number: int) -> int:
        _write(sessions, number, 0)  # its connection is there before the time runs
        ready.wait()
        until, lines = time.perf_counter() + seconds, 0
        while time.perf_counter() < until:
            _write(sessions, number, commit_seconds)
            lines += 1
        return lines

    with ThreadPoolExecutor(writers) as pool:
        written = [pool.submit(write, number) for number in range(writers)]
        ready.wait()
        started = time.perf_counter()
        lines = sum(each.result() for each in written)
        return lines / (time.perf_counter() - started)


def _write(sessions: sessionmaker[Session], number: int, commit_seconds: float) -> None:
    with sessions.begin() as session:
        record_activity(
            session, "bench.wrote", actor=SYSTEM, at=clock.now(), subject=("bench", number)
        )
        time.sleep(commit_seconds)


@contextmanager
def _sealing(address: str) -> Iterator[None]:
    """Let a process of its own seal meanwhile, as the worker does."""
    # Spawned, not forked: what this process opened is its own.
    worker = get_context("spawn").Process(target=_seal, args=(address,), daemon=True)
    worker.start()
    try:
        yield
    finally:
        worker.terminate()
        worker.join()


def _seal(address: str) -> None:
    Sealer(make_engine(address), ChainKeys([_KEY])).run(threading.Event())


def _prove(sessions: sessionmaker[Session]) -> int:
    """Return how many lines there are, each of them in the chain.

    :raises AssertionError: with what the chain says otherwise.
    """
    with sessions() as session:
        for fault in chain_faults(session, ChainKeys([_KEY])):
            raise AssertionError(fault)
        lines, links = (
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Activity, ActivityLink)
        )
    if lines != links:
        raise AssertionError(f"{lines} lines, {links} of them sealed")
    return lines
