"""Statistics are collected by the office itself: after large writes, and every day."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from siweb.cli import main
from siweb.db.engine import make_engine
from siweb.db.migrate import migrate
from siweb.db.statistics import MANY_ROWS, collect_after, collect_statistics
from siweb.registry.tables.person import Person
from tests import factories

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
    factories.make_person(session)
    session.flush()

    collect_statistics(session)

    assert is_counted(session)
    assert session.scalars(select(Person)).one()


@pytest.mark.parametrize(("rows", "collected"), [(MANY_ROWS - 1, False), (MANY_ROWS, True)])
def test_few_rows_change_no_plan(session, rows, collected):
    assert collect_after(session, rows) is collected


@pytest.fixture
def office(monkeypatch, tmp_path):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    migrate(engine)
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
