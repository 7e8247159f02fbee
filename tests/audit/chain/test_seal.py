"""Lines are sealed after their commit: by one sealer, each once, within two seconds."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from siweb import clock
from siweb.audit.activity import Activity
from siweb.audit.chain import sealer as sealing
from siweb.audit.chain.hashing import ChainKeys
from siweb.audit.chain.link import ActivityLink, UnsealedActivity
from siweb.audit.chain.prove import chain_faults
from siweb.audit.chain.seal import PROMISE, OtherKey, late_lines, seal_lines
from siweb.audit.chain.sealer import Sealer, start_sealing
from siweb.db.engine import make_sessions
from siweb.db.types import OFFICE
from tests.audit.activity_log import AT, KEYS, chained_ids, sealed_lines, write_lines

WRITERS = 8


def test_lines_are_chained_in_the_order_in_which_they_were_sealed(session):
    write_lines(session, 1, 2)
    assert seal_lines(session, KEYS, at=AT) == 2
    write_lines(session, 3)
    assert seal_lines(session, KEYS, at=AT) == 1

    assert seal_lines(session, KEYS, at=AT) == 0
    numbers = [session.get_one(Activity, (one, OFFICE)).subject_id for one in chained_ids(session)]
    assert numbers == ["1", "2", "3"]
    assert list(chain_faults(session, KEYS)) == []


@pytest.mark.postgresql
def test_a_line_whose_transaction_ends_later_is_not_skipped(postgresql_log):
    """Ids are given out when a line is written; others may be committed and sealed before it."""
    sessions = make_sessions(postgresql_log)
    with sessions() as slow, sessions.begin() as quick:
        write_lines(slow, 1)
        write_lines(quick, 2)
        quick.commit()
        assert Sealer(postgresql_log, KEYS).seal() == 1
        slow.commit()
    assert Sealer(postgresql_log, KEYS).seal() == 1

    with sessions() as session:
        first, second = session.scalars(select(Activity.id).order_by(Activity.id))
        assert chained_ids(session) == [second, first]
        assert list(chain_faults(session, KEYS)) == []


@pytest.mark.postgresql
def test_writers_do_not_wait_for_one_another(postgresql_log):
    """All of them have written before any of them commits."""
    sessions = make_sessions(postgresql_log)
    all_have_written = threading.Barrier(WRITERS, timeout=60)

    def write(number):
        with sessions.begin() as session:
            write_lines(session, number)
            all_have_written.wait()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))

    assert Sealer(postgresql_log, KEYS).seal() == WRITERS


def test_writers_that_race_sealers_find_every_line_in_the_chain_once(log_engine):
    sessions, lines_each, over = make_sessions(log_engine), 25, threading.Event()

    def write(writer):
        for number in range(lines_each):
            with sessions.begin() as session:
                write_lines(session, 100 * writer + number)

    def seal(_sealer):
        total = 0
        while not over.is_set():
            total += Sealer(log_engine, KEYS).seal()
        return total

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        sealers = [pool.submit(seal, number) for number in range(2)]
        try:
            list(pool.map(write, range(WRITERS)))
        finally:
            over.set()
        sealed = sum(one.result() for one in sealers)

    sealed += Sealer(log_engine, KEYS).seal()
    with sessions() as session:
        positions = session.scalars(select(ActivityLink.position).order_by("position")).all()
        ids = set(session.scalars(select(Activity.id)))
        assert sealed == len(ids) == WRITERS * lines_each
        assert set(chained_ids(session)) == ids
        assert positions == list(range(1, sealed + 1))
        assert list(chain_faults(session, KEYS)) == []


DIES = """
import os, signal, sys
from datetime import datetime
from sqlalchemy import event
from siweb.audit.chain.sealer import Sealer
from siweb.db.engine import make_engine
from tests.audit.activity_log import KEYS
engine = make_engine(sys.argv[1])
@event.listens_for(engine, "after_cursor_execute")
def dying(connection, cursor, statement, *rest):
    if statement.startswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
Sealer(engine, KEYS).seal()
"""


@pytest.mark.parametrize("after", ["INSERT INTO activity_link", "DELETE FROM activity_unsealed"])
def test_a_sealer_killed_within_a_piece_ends_as_if_never_killed(log_engine, after):
    sessions = make_sessions(log_engine)
    with sessions.begin() as session:
        sealed_lines(session, 1, 2)
        write_lines(session, 3, 4, 5)
    url = log_engine.url.render_as_string(hide_password=False)

    done = subprocess.run(
        [sys.executable, "-c", DIES, url, after], check=False, capture_output=True
    )

    assert done.returncode == -9, done.stderr
    with sessions() as session:
        assert len(chained_ids(session)) == 2
    assert Sealer(log_engine, KEYS).seal(waits=True) == 3
    with sessions() as session:
        assert len(chained_ids(session)) == 5
        assert session.scalars(select(UnsealedActivity.activity_id)).all() == []
        assert list(chain_faults(session, KEYS)) == []


class Stop:
    """An event whose waiting takes no time: the clock goes on instead, and something happens."""

    def __init__(self, monkeypatch, happens, times):
        self.now, self.happens, self.times = AT, happens, times
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        self.times -= 1
        self.happens()
        return self.times <= 0


def test_a_line_is_sealed_within_two_seconds_of_its_commit(log_engine, monkeypatch):
    sessions, written = make_sessions(log_engine), []

    def write_just_after_a_look():
        with sessions.begin() as session:
            write_lines(session, len(written))
            written.append(session.scalar(select(UnsealedActivity.written_at)))

    Sealer(log_engine, KEYS).run(Stop(monkeypatch, write_just_after_a_look, 12))

    with sessions() as session:
        sealed = session.scalars(select(ActivityLink.sealed_at).order_by("position")).all()
    assert len(sealed) == 11
    assert max(end - start for start, end in zip(written, sealed, strict=False)) < PROMISE


def test_a_sealer_seals_in_a_thread_until_it_is_told_to_stop(log_engine, monkeypatch):
    monkeypatch.setattr(sealing, "PAUSE_SECONDS", 0.001)
    sealed, stop = threading.Event(), threading.Event()
    real = Sealer.seal
    monkeypatch.setattr(Sealer, "seal", lambda self: real(self) and sealed.set())
    with make_sessions(log_engine).begin() as session:
        write_lines(session, 1)

    thread = start_sealing(Sealer(log_engine, KEYS), stop)

    assert sealed.wait(60)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_a_database_that_is_away_is_asked_again(log_engine, monkeypatch, caplog):
    with make_sessions(log_engine).begin() as session:
        write_lines(session, 1)
    real, asked = Sealer.seal, []

    def seal(self):
        asked.append(self)
        if len(asked) == 1:
            raise OperationalError("SELECT", None, Exception("11010519491231002X"))
        return real(self)

    monkeypatch.setattr(Sealer, "seal", seal)

    Sealer(log_engine, KEYS).run(Stop(monkeypatch, lambda: None, 3))

    assert "sealed later: OperationalError" in caplog.text
    assert "1101" not in caplog.text
    with make_sessions(log_engine)() as session:
        assert len(chained_ids(session)) == 1


def test_nobody_seals_after_a_key_that_is_not_here(session):
    sealed_lines(session, 1)
    write_lines(session, 2)
    other = ChainKeys([b"another key"])

    with pytest.raises(OtherKey, match=KEYS.mark):
        seal_lines(session, other, at=AT)
    assert list(chain_faults(session, KEYS)) == []


def test_a_sealer_with_another_key_stops_and_says_so(log_engine, caplog):
    with make_sessions(log_engine).begin() as session:
        sealed_lines(session, 1)
        write_lines(session, 2)

    sealing_with_another = start_sealing(
        Sealer(log_engine, ChainKeys([b"another key"])), threading.Event()
    )

    sealing_with_another.join(60)
    assert f"is under the key {KEYS.mark}" in caplog.text


def test_a_new_key_goes_on_where_the_old_one_ended(session):
    both = ChainKeys([b"a new key", b"the key of the tests"])
    sealed_lines(session, 1)
    sealed_lines(session, 2, keys=both)

    assert list(chain_faults(session, both)) == []
    (fault,) = chain_faults(session, KEYS)
    assert f"sealed with the key {both.mark}, which is not here" in fault


def test_after_a_lost_key_the_chain_goes_on_and_the_loss_stays_named(session):
    sealed_lines(session, 1)
    write_lines(session, 2)
    new = ChainKeys([b"a new key"])

    assert seal_lines(session, new, at=AT, begins_anew=True) == 1

    (fault,) = chain_faults(session, new)
    assert f"sealed with the key {KEYS.mark}, which is not here" in fault


def test_a_line_that_is_put_to_wait_again_holds_nobody_up(session):
    sealed_lines(session, 1)
    (again,) = chained_ids(session)
    session.add(UnsealedActivity(activity_id=again, region_code=OFFICE, written_at=AT))
    write_lines(session, 2)

    assert seal_lines(session, KEYS, at=AT) == 2
    assert len(chained_ids(session)) == 2
    assert list(chain_faults(session, KEYS)) == []


def test_lines_that_wait_for_longer_than_promised_are_counted(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    write_lines(session, 1, 2)

    assert late_lines(session, written_before=AT) is None
    assert late_lines(session, written_before=AT + PROMISE) == (2, AT)
