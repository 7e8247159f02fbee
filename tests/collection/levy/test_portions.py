"""On SQLite others work out what a levy writes: it comes to the same, and a failure leaves nothing."""

import itertools

import pytest
from sqlalchemy import func, select, text

from siweb.audit.actor import SYSTEM
from siweb.collection.levy import run as levy_run
from siweb.collection.levy.batch import references
from siweb.collection.levy.portions import batch, portion
from siweb.collection.levy.start import open_levy
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.levy_sum import LevySum
from siweb.db.engine import make_engine, make_sessions
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.packs.in_force import packs_in_force
from tests.conftest import NOW
from tests.levies import BEIJING, MONTH, ON, finish
from tests.migrated import lay_schema

MANY = 50
"""So many ids a batch, so that it has several portions."""


@pytest.fixture
def sessions(tmp_path):
    """A database of its own, whose transactions are real ones."""
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay_schema(engine)
    yield make_sessions(engine)
    engine.dispose()


@pytest.fixture
def insured(session, hire_at, insure):
    """People of two employers, one after the other in turn, and one who pays alone."""
    employers = hire_at(), hire_at()
    for number in range(9):
        insure(500_000 + 12_345 * number, employers[number % 2])
    insure(800_000, insurances=("pension", "medical"))
    session.commit()


@pytest.fixture
def asked(monkeypatch):
    """The portions that were written."""
    written = []

    def write(*given):
        written.append(given)
        portion.write_portion(*given)

    monkeypatch.setattr(batch, "write_portion", write)
    return written


def levied(session):
    """Levy as a job does: what is asked for is committed before it is begun."""
    asked = {"actor": SYSTEM, "on": ON, "at": NOW, "may_be_provisional": True}
    run = open_levy(session, BEIJING, MONTH, packs=packs_in_force(session), **asked)
    session.commit()
    return finish(session, run, MANY)


def month_of(session):
    """Return what a levy left, as values."""
    records = select(ContributionRecord.__table__).order_by(
        *ContributionRecord.__table__.primary_key
    )
    sums = select(LevySum.employer_id, LevySum.person_id, LevySum.insurance)
    kept = (LevySum.headcount, LevySum.records, LevySum.base_fen, LevySum.employee_fen)
    sums = sums.add_columns(*map(func.sum, kept)).group_by(*sums.selected_columns)
    bills = select(Bill.employer_id, Bill.person_id, Bill.headcount, Bill.total_fen)
    lines = select(BillLine.__table__)
    return [session.execute(query).all() for query in (records, sums, bills, lines)]


def take_back(session):
    for table in ("bill_line", "message", "bill", "contribution_record", "levy_sum"):
        session.execute(text(f"DELETE FROM {table}"))
    session.execute(text("DELETE FROM levy_employer"))
    session.execute(text("DELETE FROM levy_term"))
    session.execute(text("DELETE FROM levy_run"))
    session.commit()


def test_it_is_the_same_in_portions_and_in_one(session, insured, asked, monkeypatch):
    monkeypatch.setattr(levy_run, "may_part", lambda *_given: False)
    levied(session)
    in_one = month_of(session)
    assert not asked
    take_back(session)
    monkeypatch.undo()

    levied(session)

    assert month_of(session) == in_one
    assert len(in_one[0]) == 9 * 4 + 2


def test_a_batch_is_written_in_several_portions(session, insured, asked):
    levied(session)

    assert len(asked) > 1


def test_a_failure_in_a_portion_leaves_nothing_and_the_run_goes_on(session, insured, monkeypatch):
    def fail(*_given):
        raise references.ReferenceMissing

    with monkeypatch.context() as failing:
        failing.setattr(portion, "prove_references", fail)
        with pytest.raises(references.ReferenceMissing):
            levied(session)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(ContributionRecord)) == 0

    run = session.scalars(select(LevyRun)).one()
    session.commit()
    finish(session, run, MANY)

    assert len(month_of(session)[0]) == 9 * 4 + 2


def test_nothing_is_beside_the_database_once_a_batch_is_committed(session, insured):
    levied(session)

    assert session.scalars(text("SELECT name FROM pragma_database_list")).all() == ["main"]


def test_what_was_billed_before_is_not_parted(session, insured, asked, insure, hire_at):
    levied(session)
    parts = len(asked)
    insure(600_000, hire_at())
    session.commit()

    levied(session)

    assert len(asked) == parts
    assert len(month_of(session)[0]) == 10 * 4 + 2


@pytest.mark.parametrize("people", [(1, 1), (1, 7), (3, 50_002), (5, 12)])
def test_portions_are_all_of_the_people_and_nobody_twice(people):
    parts = batch.portions(people)

    assert parts[0][0] == people[0]
    assert parts[-1][1] == people[1]
    assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(parts))
    assert len(parts) <= 8
