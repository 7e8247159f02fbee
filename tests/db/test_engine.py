"""What the engines promise to those who have to wait."""

from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from siweb.db.claim import database_file
from siweb.db.engine import READ_ONLY, make_engine


@pytest.fixture
def impatient(tmp_path):
    """An engine on a new SQLite file that does not wait for its turn."""
    engine = make_engine(f"sqlite:///{tmp_path / 'one.sqlite3'}")

    @event.listens_for(engine, "connect")
    def hurry(connection, _record):
        connection.execute("PRAGMA busy_timeout=0")

    yield engine
    engine.dispose()


def test_a_second_writer_hears_that_the_database_is_busy(impatient):
    with impatient.begin() as first, impatient.connect() as second:
        first.execute(text("CREATE TABLE kept (number INTEGER)"))
        with pytest.raises(OperationalError, match="locked"):
            second.execute(text("SELECT 1"))


def test_a_reader_is_not_kept_waiting(impatient):
    with impatient.begin() as first, impatient.connect() as second:
        first.execute(text("CREATE TABLE kept (number INTEGER)"))
        reader = second.execution_options(**{READ_ONLY: True})
        assert reader.scalar(text("SELECT count(*) FROM sqlite_master")) == 0


def test_a_failure_never_quotes_what_was_typed(engine):
    with engine.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "张伟"})

    assert "张伟" not in str(failed.value)


def test_an_address_that_is_only_read_makes_no_folder_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make_engine(f"sqlite:///{tmp_path / 'office' / 'one.sqlite3'}").connect().close()
    reading = make_engine(f"sqlite:///file:{tmp_path / 'office' / 'one.sqlite3'}?mode=ro&uri=true")

    with reading.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.execute(text("CREATE TABLE kept (number INTEGER)"))

    assert [path.name for path in tmp_path.iterdir()] == ["office"]


@pytest.mark.parametrize(
    ("database", "file"),
    [
        (None, None),
        (":memory:", None),
        ("file::memory:", None),
        ("/a/b.sqlite3", "/a/b.sqlite3"),
        ("file:/a/b%20c.sqlite3", "/a/b c.sqlite3"),
        ("file:///a/b.sqlite3?mode=ro", "/a/b.sqlite3"),
        ("file:b.sqlite3", "b.sqlite3"),
    ],
)
def test_a_database_says_where_its_file_lies(database, file):
    assert database_file(database) == (file and Path(file))
