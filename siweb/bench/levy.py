"""A levy with its bills, beside the barest writing of its finished rows, in one run.

The floor is INSERT … SELECT of the records, bills and lines into tables without a key, an index or
a reference. The levy itself goes through the worker's job, as it does in an office, and nothing is
prepared that an office would not have: not even statistics.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, column, func, insert, select, table, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from siweb import clock, schema
from siweb.audit.actor import SYSTEM
from siweb.bench.levy_register import FIRST_MONTH, REGION, fill_register
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.levy.find import enqueue_levy
from siweb.collection.levy.start import open_levy
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyRun, LevyState
from siweb.db.engine import make_engine, make_sessions
from siweb.db.migrate import migrate
from siweb.jobs.worker import run_next_job, settle
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.load import load_regions
from siweb.rules.calendar.months import add_months

assert schema.metadata.tables
_WRITTEN = (ContributionRecord, Bill, BillLine)
# The floor is written so often, and the fastest counts: a disturbance may not flatter the levy.
_FLOORS = 2


@dataclass(frozen=True, slots=True)
class LevySpeed:
    """Seconds of each month's levy and of the bare rows of the last; megabytes of this process."""

    database: str
    people: int
    rows: int
    month_seconds: tuple[float, ...]
    check_seconds: float
    bare_seconds: float
    # None where the database does not say how much room its tables take.
    bytes_a_record: float | None
    peak_megabytes: float

    @property
    def levy_seconds(self) -> float:
        """Return the seconds of the last month's levy."""
        return self.month_seconds[-1]

    @property
    def share_of_bare(self) -> float:
        """Return the levy's rate beside the bare one's."""
        return self.bare_seconds / self.levy_seconds

    @property
    def last_beside_first(self) -> float:
        """Return the last month's rate beside the first one's."""
        return self.month_seconds[0] / self.month_seconds[-1]


def measure_levy(people: int, url: str | None = None, *, months: int = 1) -> LevySpeed:
    """Fill a new database with so many insured, levy months, and write the last one's rows bare."""
    with tempfile.TemporaryDirectory(prefix="siweb-levy-") as name, _database(url, name) as engine:
        migrate(engine)
        sessions = make_sessions(engine)
        with sessions.begin() as session:
            load_regions(session, hosted=(REGION,))
        with engine.begin() as connection:
            fill_register(connection, people)
        settle()
        levied = [add_months(FIRST_MONTH, number) for number in range(months)]
        seconds = tuple(levy_month(sessions, month) for month in levied)
        peak, check = _peak(), _check(sessions, levied[-1])
        bare, rows = _write_bare(engine, levied[-1])
        return LevySpeed(
            engine.dialect.name,
            people,
            rows,
            seconds,
            check,
            bare,
            _bytes_a_record(engine),
            peak,
        )


def levy_month(sessions: sessionmaker[Session], month: str) -> float:
    """Levy a month as the desk does, by a job; return the seconds it took."""
    started = time.perf_counter()
    with sessions.begin() as session:
        run = open_levy(
            session,
            REGION,
            month,
            packs=packs_in_force(session),
            actor=SYSTEM,
            on=clock.today(),
            at=clock.now(),
            may_be_provisional=True,
        )
        enqueue_levy(session, run, actor=SYSTEM, at=clock.now())
        run_id = run.id
    run_next_job(sessions, "bench", secret="bench")
    seconds = time.perf_counter() - started
    with sessions() as session:
        if session.get_one(LevyRun, run_id).state is not LevyState.ISSUED:
            raise AssertionError(f"{month} was not issued")
    return seconds


def _check(sessions: sessionmaker[Session], month: str) -> float:
    """Prove the books of the month; return the seconds it took."""
    started = time.perf_counter()
    with sessions() as session:
        for line in check_books(session, packs_in_force(session), Scope(REGION, month)).lines():
            raise AssertionError(line)
    return time.perf_counter() - started


@contextmanager
def _database(url: str | None, folder: str) -> Iterator[Engine]:
    engine = make_engine(url or f"sqlite:///{Path(folder) / 'levy.sqlite3'}")
    yield engine
    engine.dispose()


def _write_bare(engine: Engine, month: str) -> tuple[float, int]:
    """Write every row of a month's levy into heaps without a key; return seconds and rows."""
    fastest, rows = float("inf"), 0
    for _round in range(_FLOORS):
        with engine.begin() as connection:
            for model in _WRITTEN:
                name = model.__tablename__
                connection.execute(text(f"DROP TABLE IF EXISTS bare_{name}"))
                connection.execute(
                    text(f"CREATE TABLE bare_{name} AS SELECT * FROM {name} WHERE 1 = 0")
                )
        started = time.perf_counter()
        rows = sum(_write_heap(engine, model, month) for model in _WRITTEN)
        fastest = min(fastest, time.perf_counter() - started)
    return fastest, rows


def _write_heap(engine: Engine, model: Any, month: str) -> int:
    source = select(model.__table__)
    if model is BillLine:
        source = source.join(Bill, Bill.id == BillLine.bill_id)
    row = ContributionRecord if model is ContributionRecord else Bill
    names = [each.name for each in model.__table__.c]
    heap = table(f"bare_{model.__tablename__}", *(column(name) for name in names))
    with engine.begin() as connection:
        written = connection.execute(
            insert(heap).from_select(names, source.where(row.contribution_month == month)),
            execution_options={"preserve_rowcount": True},
        )
        return written.rowcount


def _bytes_a_record(engine: Engine) -> float | None:
    """Return the room of the records' table with its indexes, for each of them."""
    with engine.connect() as connection:
        count = connection.scalar(select(func.count()).select_from(ContributionRecord)) or 1
        try:
            return int(connection.scalar(text(_room(connection))) or 0) / count
        except OperationalError:
            # SQLite can be built without the table that knows.
            return None


def _room(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":
        return (
            "SELECT pg_total_relation_size('contribution_record') + coalesce("
            "(SELECT sum(pg_total_relation_size(relid)) FROM "
            "pg_partition_tree('contribution_record') WHERE level > 0), 0)"
        )
    return (
        "SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1 AND name IN "
        "(SELECT name FROM sqlite_schema WHERE tbl_name = 'contribution_record')"
    )


def _peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
