"""Killed while a month is loaded, summed up, given its key, billed or attached: as if never killed.

A process of its own works through the job and dies by SIGKILL after a chosen call; another goes on.
"""

import signal

import pytest
from sqlalchemy import text

from siweb.queue.claim import SILENCE
from tests.collection.levy.bare.conftest import BATCH, make, state, sums, work
from tests.conftest import NOW
from tests.migrated import lay, own_postgresql
from tests.suite.dying import make_nursery

pytestmark = pytest.mark.postgresql
WORKS = """
import os, signal, time_machine
from datetime import datetime
from siweb.collection.levy import issue, run
from siweb.collection.levy.bare import complete, load, month
from siweb.db.engine import make_engine, make_sessions
from siweb.jobs import worker
from siweb.registry.number_keys import hold_number_keys
from siweb.settings import Settings
calls, real = 0, {module}.{name}
def dying(*given, **named):
    global calls
    calls += 1
    number = calls
    done = real(*given, **named)
    if number == {at_call}:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
{module}.{name} = dying
run.compute_batches.__kwdefaults__["most"] = {batch}
hold_number_keys(Settings.load())
sessions = make_sessions(make_engine({url!r}))
with time_machine.travel(datetime.fromisoformat("{now}"), tick=False):
    worker.run_next_job(sessions, "first", secret="test")
"""
DIES = [
    ("month", "make_bare", 1),
    ("load", "_load", 1),
    ("load", "_load", 2),
    ("load", "_load", 4),
    ("run", "load_batch", 1),
    ("run", "load_batch", 3),
    ("complete", "keep_sums", 1),
    ("complete", "keep_sums", 2),
    ("run", "sum_up", 1),
    ("complete", "give_key", 1),
    ("complete", "give_key", 2),
    ("complete", "give_key", 3),
    ("run", "insert_bills", 1),
    ("run", "total_bills", 1),
    ("month", "attach", 1),
    ("issue", "finish_levy", 1),
    ("issue", "use_kept_credit", 1),
]


@pytest.fixture(scope="module")
def nursery():
    with make_nursery("time_machine", "siweb.jobs.worker", "siweb.jobs.functions") as nursery:
        yield nursery


@pytest.fixture(scope="module")
def found_before():
    """What a test before found of an office in which nothing was killed."""
    return {}


@pytest.fixture
def never_killed(postgresql_url, found_before):
    """What stands in an office in which nothing was killed; its batches are as small as here."""
    if not found_before:
        with own_postgresql(postgresql_url, "never_killed") as engine:
            lay(engine, "to_be_levied", make)
            assert work(engine)
            found_before |= {"state": state(engine), "sums": sums(engine)}
    return found_before


@pytest.mark.parametrize(("module", "name", "at_call"), DIES)
def test_a_levy_goes_on_where_it_was(nursery, office, never_killed, module, name, at_call):
    code = WORKS.format(
        module=module, name=name, at_call=at_call, batch=BATCH, now=NOW.isoformat(),
        url=office.url.render_as_string(hide_password=False),
    )  # fmt: skip
    ended, written = nursery.run(code)
    assert ended == -signal.SIGKILL, written
    with office.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM contribution_record")) == 0

    assert work(office, NOW + SILENCE * 2)

    assert state(office) == never_killed["state"]
    assert sums(office) == never_killed["sums"]
