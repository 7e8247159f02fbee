"""`siweb check` of an open month beside one scan that adds up the same records, in one run.

The command runs as a user starts it, in a process of its own. Once the database knows its tables'
sizes, as the levy leaves it; once it knows nothing of them, as after a dump was brought back.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select, text

from siweb import schema
from siweb.audit.chain.hashing import ChainKeys
from siweb.audit.chain.sealer import Sealer
from siweb.bench.levy import levy_month
from siweb.bench.levy_register import FIRST_MONTH, REGION, fill_register
from siweb.bench.office import throwaway_office
from siweb.db.engine import make_engine, make_sessions
from siweb.db.migrate import migrate
from siweb.jobs.worker import settle
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.regions.load import load_regions

assert schema.metadata.tables
# Both are asked so often, and the fastest counts.
_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class CheckSpeed:
    """Seconds of the command and of one scan with aggregate, with statistics and without."""

    database: str
    people: int
    records: int
    check_seconds: float
    scan_seconds: float
    bare_check_seconds: float
    bare_scan_seconds: float

    @property
    def scans(self) -> float:
        """Return how many scans the command took, where the database knew its tables' sizes."""
        return self.check_seconds / self.scan_seconds

    @property
    def bare_scans(self) -> float:
        """Return how many scans it took where the database knew nothing."""
        return self.bare_check_seconds / self.bare_scan_seconds


def measure_check(people: int, url: str | None = None) -> CheckSpeed:
    """Levy a month of a new database with so many insured, and prove its books."""
    with throwaway_office() as settings:
        address = url or f"sqlite:///{settings.var_dir / 'check.sqlite3'}"
        engine = make_engine(address)
        migrate(engine)
        sessions = make_sessions(engine)
        with sessions.begin() as session:
            load_regions(session, hosted=(REGION,))
        with engine.begin() as connection:
            fill_register(connection, people)
        settle()
        levy_month(sessions, FIRST_MONTH)
        # As the worker does beside its work.
        Sealer(engine, ChainKeys(settings.chain_keys())).seal(waits=True)
        folder = str(settings.var_dir)
        environ = os.environ | {"SIWEB_VAR_DIR": folder, "SIWEB_DATABASE_URL": address}
        with_statistics = _both(engine, environ)
        forget_statistics(engine)
        without_statistics = _both(engine, environ)
        records = _scan(engine)
        engine.dispose()
    return CheckSpeed(engine.dialect.name, people, records, *with_statistics, *without_statistics)


def forget_statistics(engine: Engine) -> None:
    """Let the database know of its tables what it knows after a dump was brought back: nothing."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("DELETE FROM pg_statistic"))
            connection.execute(text("UPDATE pg_class SET reltuples = -1, relpages = 0"))
            return
        tables = "SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'"
        for name in connection.scalars(text(tables)).all():
            connection.execute(text(f"DELETE FROM {name}"))


def _both(engine: Engine, environ: dict[str, str]) -> tuple[float, float]:
    """Return the fastest command's seconds and the fastest scan's."""
    # By turns, so that whatever disturbs the machine meets both.
    rounds = [
        (_seconds(lambda: _check(environ)), _seconds(lambda: _scan(engine)))
        for _round in range(_ROUNDS)
    ]
    checks, scans = zip(*rounds, strict=True)
    return min(checks), min(scans)


def _check(environ: dict[str, str]) -> None:
    """Prove the month as a user does; findings end it."""
    command = [sys.executable, "-m", "siweb", "check", "--region", REGION, "--month", FIRST_MONTH]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise AssertionError(ended.stdout + ended.stderr)


def _scan(engine: Engine) -> int:
    """Add up the month's records once; return how many there are."""
    record = ContributionRecord
    amounts = (record.base_fen, record.employer_fen, record.employee_fen, record.account_fen)
    query = select(func.count(), *(func.sum(amount) for amount in amounts)).where(
        record.region_code == REGION, record.contribution_month == FIRST_MONTH
    )
    with engine.connect() as connection:
        return int(connection.execute(query).one()[0])


def _seconds(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
