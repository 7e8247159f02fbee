"""A month loaded bare and attached is the month that SQLite has, and nothing of it shows before."""

import threading

import pytest
import time_machine
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from siweb.audit.actor import SYSTEM
from siweb.bench.levy_register import FIRST_MONTH, REGION
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.levy.bare.complete import keys_meanwhile
from siweb.collection.levy.bare.month import issue_records, loading, part_of_run
from siweb.collection.levy.issue import end_levy
from siweb.collection.levy.run import compute_batches
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyRun, LevyState
from siweb.db.engine import make_sessions
from siweb.ledgers.tables.contribution_record import ContributionRecord, hold_record_month
from siweb.registry.packs.in_force import packs_in_force
from tests.collection.levy.bare.conftest import BATCH, OTHER, ask, state, sums, work
from tests.conftest import NOW

pytestmark = pytest.mark.postgresql

_ENROLMENT = (
    "person_id, {}, insurance, insuring_employer_id, scheme, employer_id, from_month, sequence"
)
_TO_OTHER = (
    f"INSERT INTO enrolment ({_ENROLMENT.format('region_code')})"
    f" SELECT {_ENROLMENT.format(OTHER)} FROM enrolment WHERE"
)
# People below 50 take part in both regions, and those from 101 on are 1 to 9 under another key.
IN_BOTH = (
    f"{_TO_OTHER} person_id < 50",
    f"{_TO_OTHER} person_id BETWEEN 101 AND 109 AND insurance <> 4",
    "DELETE FROM enrolment WHERE person_id BETWEEN 101 AND 109 AND region_code = 110000",
    """INSERT INTO person_alias (former_id, person_id, merged_at)
    SELECT id, id - 100, registered_at FROM person WHERE id BETWEEN 101 AND 109""",
)


@pytest.fixture
def session(office):
    with time_machine.travel(NOW, tick=False), make_sessions(office)() as session:
        yield session


@pytest.fixture
def run(session):
    return session.scalars(select(LevyRun)).one()


def load(session, run):
    for _batch in compute_batches(session, run, at=NOW):
        session.commit()


def end(session, run):
    end_levy(session, run, packs=packs_in_force(session), actor=SYSTEM, at=NOW)


def count(session, table=ContributionRecord):
    return session.scalar(select(func.count()).select_from(table))


def test_a_levy_comes_to_the_same_on_both_databases(office, file_office):
    assert work(office)
    assert work(file_office)

    assert state(office) == state(file_office)
    assert sums(office) == sums(file_office)
    with make_sessions(office)() as session:
        run = session.scalars(select(LevyRun)).one()
        assert run.state is LevyState.ISSUED
        assert run.totals["not_billed"]["no_base"] > 0
        assert part_of_run(session, run).endswith(f"_{run.id}")
        found = check_books(session, packs_in_force(session), Scope(REGION, FIRST_MONTH))
        assert not list(found.lines())


def test_nothing_shows_before_the_run_is_issued(session, run):
    load(session, run)
    bare = loading(session, run)

    assert count(session) == count(session, Bill) == 0
    assert count(session, bare) == run.totals["records"] > BATCH
    session.rollback()
    end(session, run)
    session.commit()
    assert count(session) == run.totals["records"]
    assert loading(session, run) is None


def test_who_was_left_out_is_billed_by_a_second_run_row_by_row(office):
    work(office)
    with time_machine.travel(NOW, tick=False), make_sessions(office)() as session:
        session.execute(
            text(
                "INSERT INTO declared_base (person_id, declaring_employer_id, from_month,"
                " base_number, region_code, employer_id, declared_base_fen, origin, declared_at)"
                " SELECT DISTINCT person_id, employer_id, 202601, 0, region_code, employer_id,"
                " 700000, 'yearly', now() FROM enrolment WHERE person_id = 29"
            )
        )
        session.commit()
        before = count(session)
        ask(office)
    work(office)
    with make_sessions(office)() as session:
        assert count(session) == before + 5
        assert [run.state for run in session.scalars(select(LevyRun))] == [LevyState.ISSUED] * 2


# What is declared of the whole table, and a row that breaks it.
ROGUES = {
    "person_id": "fk_contribution_record_person_id",
    "employer_id": "fk_contribution_record_employer_id",
    "levy_run_id": "fk_contribution_record_levy_run_id",
}


@pytest.mark.parametrize("column", ROGUES)
def test_a_rogue_reference_refuses_the_month(session, run, column):
    load(session, run)
    bare = loading(session, run)
    # Where the employer is in the key, its check would speak first.
    rogue = f"(SELECT ctid FROM {bare} WHERE insurance = 2 LIMIT 1)"
    session.execute(text(f"UPDATE {bare} SET {column} = 999999 WHERE ctid = {rogue}"))
    session.commit()

    with pytest.raises(IntegrityError):
        end(session, run)
    session.rollback()
    # A bill has a reference of its own; without one the records' is what refuses.
    with keys_meanwhile(session, run):
        pass
    with pytest.raises(IntegrityError, match=ROGUES[column]):
        issue_records(session, run, is_empty=False)
    session.rollback()

    assert count(session) == count(session, Bill) == 0
    assert session.get_one(LevyRun, run.id, populate_existing=True).state is LevyState.COMPUTING


def test_a_region_that_is_not_there_refuses_the_month(session, run):
    load(session, run)
    with keys_meanwhile(session, run):
        pass
    session.execute(text("SET session_replication_role = replica"))
    session.execute(text("DELETE FROM region WHERE code = 110000"))
    session.execute(text("SET session_replication_role = DEFAULT"))
    with pytest.raises(IntegrityError, match="fk_contribution_record_region_code"):
        issue_records(session, run, is_empty=False)
    session.rollback()


def test_a_row_that_is_there_twice_refuses_the_month(session, run):
    load(session, run)
    bare = loading(session, run)
    session.execute(text(f"INSERT INTO {bare} SELECT * FROM {bare} LIMIT 1"))
    session.commit()

    with pytest.raises(IntegrityError, match="pk_contribution_record"):
        end(session, run)
    session.rollback()
    assert count(session) == count(session, Bill) == 0


@pytest.mark.parametrize(
    "change",
    [
        "kind = 5", "scheme = 9", "insurance = 6", "contribution_month = 202602",
        "region_code = 310000", "insuring_employer_id = 3",
    ],
)  # fmt: skip
def test_a_rogue_value_is_refused_where_it_is_written(session, run, change):
    load(session, run)
    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE {loading(session, run)} SET {change}"))
    session.rollback()


def test_a_month_that_somebody_wrote_to_meanwhile_is_worked_through_again(
    office, file_office, session, run
):
    """Their rows stay, and are not billed again."""
    load(session, run)
    hold_record_month(session.connection(), REGION, FIRST_MONTH)
    end(session, run)
    assert run.state is LevyState.COMPUTING
    assert run.done_through_person_id == 0
    session.commit()

    work(office)
    work(file_office)

    assert state(office)[:3] == state(file_office)[:3]


def test_nobody_is_loaded_by_two_regions(office):
    """Two regions work at once on people who are enrolled in both."""
    both = {f"{REGION}": 0, OTHER: 0}
    with time_machine.travel(NOW, tick=False):
        with office.begin() as connection:
            for statement in IN_BOTH:
                connection.execute(text(statement))
        runs = {REGION: None, OTHER: ask(office, region=OTHER)}
        with make_sessions(office)() as session:
            first, second = session.scalars(select(LevyRun).order_by(LevyRun.id)).all()
            load(session, first)
            load(session, second)
            end(session, second)
            session.commit()
            end(session, first)
            session.commit()
            for region in both:
                both[region] = session.scalar(
                    select(func.count()).where(ContributionRecord.region_code == region)
                )
            doubled = session.execute(
                text(
                    "SELECT person_id FROM contribution_record WHERE insurance <> 4"
                    " GROUP BY person_id, insurance HAVING count(*) > 1"
                )
            ).all()
    assert runs[OTHER] == second.id
    assert not doubled
    assert second.state is LevyState.CANCELLED
    assert both == {REGION: first.totals["records"], OTHER: 0}


def test_readers_read_on_while_a_month_is_attached(office, session, run):
    load(session, run)
    end(session, run)
    seen = []

    def read():
        with office.connect() as connection:
            connection.execute(text("SET lock_timeout = '5s'"))
            seen.extend(
                connection.scalar(text(f"SELECT count(*) FROM {table}"))
                for table in ("contribution_record", "person", "employer", "region", "levy_run")
            )

    reader = threading.Thread(target=read)
    reader.start()
    reader.join()
    session.commit()

    assert seen[0] == 0
    assert all(number > 0 for number in seen[1:])
