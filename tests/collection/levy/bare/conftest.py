"""A region that waits for its levy, on each database: employers, some who pay alone, some unbilled."""

import itertools

import pytest
import time_machine
from sqlalchemy import select, text

from siweb import clock
from siweb.audit.actor import SYSTEM
from siweb.bench.levy_register import FIRST_MONTH, REGION, fill_register
from siweb.collection.levy.find import enqueue_levy
from siweb.collection.levy.run import compute_batches
from siweb.collection.levy.start import open_levy
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.levy_sum import LevySum
from siweb.db.engine import make_engine, make_sessions
from siweb.jobs.worker import run_next_job
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.load import load_regions
from tests.conftest import NOW
from tests.migrated import lay, lay_schema, own_postgresql

PEOPLE, BATCH = 120, 40
OTHER = "310000"
NUMBER = itertools.count()
# Who pays alone, who has no base, and who has two bases from the same month.
ODD = (
    """UPDATE enrolment SET employer_id = NULL, scheme = 2, insuring_employer_id = 0
    WHERE person_id % 17 = 0""",
    """UPDATE declared_base SET employer_id = NULL, declaring_employer_id = 0
    WHERE person_id % 17 = 0""",
    "DELETE FROM enrolment WHERE person_id % 17 = 0 AND insurance > 2",
    "DELETE FROM declared_base WHERE person_id % 29 = 0",
    "DELETE FROM enrolment WHERE person_id % 13 = 0 AND insurance = 1",
)


def fill(engine):
    """Put the register there, and a run that was asked for at the desk."""
    with time_machine.travel(NOW, tick=False):
        with make_sessions(engine).begin() as session:
            load_regions(session, hosted=(REGION, OTHER))
        with engine.begin() as connection:
            fill_register(connection, PEOPLE)
            for statement in ODD:
                connection.execute(text(statement))
        ask(engine)


def ask(engine, month=FIRST_MONTH, region=REGION):
    with make_sessions(engine).begin() as session:
        run = open_levy(
            session,
            region,
            month,
            packs=packs_in_force(session),
            actor=SYSTEM,
            on=clock.today(),
            at=clock.now(),
            may_be_provisional=True,
        )
        enqueue_levy(session, run, actor=SYSTEM, at=clock.now())
        return run.id


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setitem(compute_batches.__kwdefaults__, "most", BATCH)


@pytest.fixture
def office(postgresql_url):
    """A database of its own, whose transactions are real ones."""
    name = f"bare_{next(NUMBER)}"
    with own_postgresql(postgresql_url, name) as engine:
        lay(engine, "to_be_levied", make)
        yield engine


@pytest.fixture
def file_office(tmp_path):
    """The same on SQLite."""
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay(engine, "to_be_levied", make)
    yield engine
    engine.dispose()


def make(engine):
    lay_schema(engine)
    fill(engine)


def work(engine, at=NOW):
    """Run the next job, as the worker does."""
    with time_machine.travel(at, tick=False):
        return run_next_job(make_sessions(engine), "second", secret="test")


def state(engine):
    """Everything that a levy writes, without times and without numbers that mean nothing."""
    record = ContributionRecord.__table__.c
    with engine.connect() as connection:
        records = connection.execute(
            select(*(column for column in record if column.name != "recorded_at")).order_by(
                *ContributionRecord.__table__.primary_key
            )
        ).all()
        bills = connection.execute(
            select(
                *(
                    column
                    for column in Bill.__table__.c
                    if column.name not in {"id", "bank_reference", "issued_at"}
                )
            ).order_by(Bill.employer_id, Bill.person_id)
        ).all()
        lines = connection.execute(
            select(
                Bill.employer_id,
                Bill.person_id,
                *(column for column in BillLine.__table__.c if not column.name.endswith("id")),
            )
            .join(Bill, Bill.id == BillLine.bill_id)
            .order_by(Bill.employer_id, Bill.person_id, BillLine.insurance)
        ).all()
        runs = connection.execute(
            select(LevyRun.state, LevyRun.totals, LevyRun.done_through_person_id).order_by(
                LevyRun.id
            )
        ).all()
    # Where nothing is: a database has its own place for it.
    in_order = [sorted(map(repr, rows)) for rows in (records, bills, lines)]
    return *in_order, [tuple(run) for run in runs]


def sums(engine):
    """What is kept by payer and insurance, whichever batch it came from."""
    keys = (LevySum.employer_id, LevySum.person_id, LevySum.insurance)
    with engine.connect() as connection:
        rows = connection.execute(
            select(*keys, LevySum.headcount, LevySum.new_heads, LevySum.records, LevySum.base_fen)
        ).all()
    found = {}
    for *key, heads, new, records, base in rows:
        before = found.get(tuple(key), (0, 0, 0, 0))
        found[tuple(key)] = tuple(
            a + b for a, b in zip(before, (heads, new, records, base), strict=True)
        )
    return found
