"""Long works and forms take turns at writing on SQLite."""

import threading

import pytest
from sqlalchemy import text

from siweb.db import claim
from siweb.db.claim import let_others_write
from siweb.db.engine import LOCK_MILLISECONDS, make_engine, make_sessions

WRITES = text("CREATE TABLE IF NOT EXISTS written (number INTEGER)")


@pytest.fixture
def engine(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'office.sqlite3'}")
    yield engine
    engine.dispose()


def test_a_form_that_waits_writes_before_a_long_work_goes_on(engine):
    has_begun, may_end = threading.Event(), threading.Event()

    def send():
        forms = engine.execution_options(**{LOCK_MILLISECONDS: 10_000})
        with forms.begin() as connection:
            connection.execute(WRITES)
            has_begun.set()
            may_end.wait(10)

    form = threading.Thread(target=send)
    with make_sessions(engine)() as work:
        work.execute(WRITES)
        form.start()
        while not claim._is_anybody_waiting(engine.url.database):
            assert form.is_alive()
        assert not has_begun.is_set()
        work.commit()

        let_others_write(work)

    # It has the right to write, and nobody else waits for it: the work waits behind it now.
    assert has_begun.wait(1)
    assert not claim._is_anybody_waiting(engine.url.database)
    may_end.set()
    form.join()


def test_a_long_work_goes_on_at_once_where_nobody_waits(engine, monkeypatch):
    monkeypatch.setattr(claim.time, "sleep", lambda _seconds: pytest.fail("it waited"))
    with make_sessions(engine)() as work:
        work.execute(WRITES)
        work.commit()

        let_others_write(work)


def test_a_long_work_waits_only_so_long(engine, monkeypatch):
    monkeypatch.setattr(claim, "MOST_SECONDS", 0.02)
    database = engine.url.database
    with claim.waiting_to_write(database), make_sessions(engine)() as work:
        let_others_write(work)

        assert claim._is_anybody_waiting(database)
    assert not claim._is_anybody_waiting(database)


def test_whoever_cannot_keep_the_lock_waits_all_the_same(tmp_path, monkeypatch):
    gone = str(tmp_path / "gone" / "office.sqlite3")
    with claim.waiting_to_write(gone), claim.waiting_to_write(":memory:"):
        claim.let_waiting_write(gone)
        claim.let_waiting_write(":memory:")
    assert not list(tmp_path.iterdir())


def test_the_lock_is_nobody_elses_to_read(engine):
    with claim.waiting_to_write(engine.url.database):
        file = engine.url.database + "-turns"
    assert claim.os.stat(file).st_mode & 0o777 == 0o600
