"""Statistics are collected by the office itself: after large writes, and every day."""

import inspect

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from siweb.cli import main
from siweb.db import statistics
from siweb.db.engine import make_engine
from siweb.db.statistics import (
    MANY_ROWS,
    collect_after,
    collect_before,
    collect_statistics,
    planned_rows,
)
from siweb.jobs.functions import JOB_FUNCTIONS
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW
from tests.levies import BEIJING
from tests.migrated import lay_schema

COUNTED = {
    "sqlite": "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'person'",
    "postgresql": "SELECT count(*) FROM pg_stats WHERE tablename = 'person'",
}


def is_counted(session, table="person"):
    """Whether the database knows how many rows the people are."""
    dialect = session.get_bind().dialect.name
    if dialect == "sqlite" and not session.scalar(
        text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
    ):
        return False
    return session.scalar(text(COUNTED[dialect].replace("person", table))) > 0


def test_what_is_there_is_counted(session):
    for _number in range(7):
        factories.make_person(session)
    session.flush()
    # What another test had counted stays with PostgreSQL, whatever became of its rows.
    assert planned_rows(session, Person) != 7

    collect_statistics(session)

    assert is_counted(session)
    assert planned_rows(session, Person) == 7
    assert len(session.scalars(select(Person)).all()) == 7


@pytest.mark.parametrize(("rows", "collected"), [(MANY_ROWS - 1, False), (MANY_ROWS, True)])
def test_few_rows_change_no_plan(session, rows, collected):
    assert collect_after(session, rows) is collected


def test_what_is_still_known_is_not_looked_at_again(empty_postgresql):
    lay_schema(empty_postgresql)
    with Session(empty_postgresql) as session:
        looked = [collect_before(session, MANY_ROWS, Person)]
        session.commit()
        looked.append(collect_before(session, MANY_ROWS, Person))
        factories.make_person(session)
        session.commit()
        looked.append(collect_before(session, MANY_ROWS, Person))

    assert looked == [True, False, True]


@pytest.mark.postgresql
def test_in_the_middle_of_a_work_a_rough_look_is_enough(postgresql_engine):
    """At night, at all, PostgreSQL keeps as much of a table as its server is set to."""
    with Session(postgresql_engine) as session:
        for _ in range(60):
            factories.make_person(session)

        kept = [collected(session, Person), collected(session)]
        session.rollback()

    assert kept == [25, 59]


def collected(session, *tables):
    """Into how many ranges a look at tables sorts the sixty people."""
    collect_statistics(session, *tables)
    return session.scalar(
        text(
            "SELECT array_length(CAST(CAST(histogram_bounds AS text) AS bigint[]), 1) - 1"
            " FROM pg_stats WHERE tablename = 'person' AND attname = 'id'"
        )
    )


@pytest.fixture
def office(monkeypatch, tmp_path):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay_schema(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize("words", [["seed", "--people", "40", "--employers", "4"], ["day"]])
def test_commands_leave_counted_tables(office, words):
    if words == ["day"]:
        factories.make_person(office)
        office.commit()
    assert not is_counted(office)
    office.rollback()

    result = CliRunner().invoke(main, words)

    assert result.exit_code == 0, result.output
    assert is_counted(office)


def test_every_job_that_writes_rows_has_them_counted():
    """Each of the office's jobs writes as many rows as somebody hands in."""
    without = [
        name
        for name, function in JOB_FUNCTIONS.items()
        if "collect_after" not in inspect.getsource(inspect.getmodule(function))
    ]

    assert JOB_FUNCTIONS
    assert not without


@pytest.fixture
def hosted(empty_engine, monkeypatch, tmp_path):
    """An office of one employer and one employee on each database, for commands."""
    lay_schema(empty_engine)
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    for module in ("siweb.cli.settings", "siweb.cli.collection.payments"):
        monkeypatch.setattr(f"{module}.make_engine", lambda _url: empty_engine)
    monkeypatch.setattr(statistics, "MANY_ROWS", 1)
    with time_machine.travel(NOW, tick=False), Session(empty_engine) as session:
        factories.make_region(session, BEIJING)
        employer = factories.make_employer(session, region_code=BEIJING)
        person = factories.make_person(session, region_code=BEIJING)
        factories.make_enrolment(session, person, employer=employer, from_month="2026-01")
        declare(session, person, employer, 1_000_000)
        yield session, person, employer


def declare(session, person, employer, base):
    session.add(
        DeclaredBase(
            person_id=person.id,
            region_code=person.region_code,
            employer_id=employer.id,
            from_month="2026-01",
            declared_base_fen=base,
            origin="yearly",
            declared_at=NOW,
        )
    )
    session.commit()


def forget(session):
    """Make the database know as little of its tables as on its first day."""
    is_file = session.get_bind().dialect.name == "sqlite"
    known = not is_file or session.scalar(
        text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
    )
    if known:
        session.execute(text(f"DELETE FROM {'sqlite_stat1' if is_file else 'pg_statistic'}"))
    session.commit()
    assert not is_counted(session, "bill")
    session.rollback()


def test_every_command_that_writes_many_rows_has_them_counted(hosted):
    session, person, employer = hosted
    levy = ["levy", "--region", BEIJING, "--month", "2026-08", "--provisional"]
    months = ["--from", "2026-08", "--through", "2026-08", "--due", "2026-12-15"]
    adjust = ["adjust", "--region", BEIJING, *months, "--reason", "补差"]
    for command in (levy, adjust, ["close-day"]):
        forget(session)

        done = CliRunner().invoke(main, command)

        assert done.exit_code == 0, done.output
        assert is_counted(session, "bill"), command
        assert is_counted(session, "contribution_record"), command
        session.rollback()
        declare(session, person, employer, 2_000_000)
