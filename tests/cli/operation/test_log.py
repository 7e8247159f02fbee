"""The activity log as the operator proves it: sealed at once, its head elsewhere, every cut named."""

import threading
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from siweb import app as siweb_app
from siweb import clock
from siweb.audit.chain.head import Head
from siweb.cli import main
from siweb.cli.collection import log_proof
from siweb.db.engine import make_engine, make_sessions
from tests.audit.activity_log import write_lines
from tests.db.conversions.test_activity_chain import BEFORE, write_old
from tests.migrated import lay_schema

BALANCED = (0, "The books balance.\n")


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    monkeypatch.setattr(log_proof, "_wait", lambda _seconds: None)
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay_schema(engine)
    yield engine
    engine.dispose()


def siweb(*arguments):
    found = CliRunner().invoke(main, [str(one) for one in arguments])
    return found.exit_code, found.output


def write(office, *numbers):
    with make_sessions(office).begin() as session:
        write_lines(session, *numbers)


def attack(office, *statements):
    """Do as whoever owns the database can: no reference keeps them from it."""
    with office.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()
        connection.invalidate()


def waiting(office):
    with office.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM activity_unsealed"))


def test_a_command_seals_what_it_wrote_when_it_ends(office):
    siweb("bank-account", "add", "622200001111", "--bank", "icbc")

    assert waiting(office) == 0
    assert siweb("check") == BALANCED


@pytest.fixture
def closed(office, tmp_path):
    """Three lines, sealed; the day closed, its head printed and noted."""
    write(office, 1, 2, 3)
    code, said = siweb("close-day")
    assert code == 0
    return said.splitlines()[-1].removeprefix("Head of the activity log: ")


CUT = ("DELETE FROM activity_link WHERE position > 1", "DELETE FROM activity WHERE id > 1")
EMPTIED = ("DELETE FROM activity_link", "DELETE FROM activity")
# What was sealed is put to wait again, and the office's own sealer gives it new hashes.
REWRITTEN = (
    "DELETE FROM activity_link",
    "UPDATE activity SET subject_id = 'x' WHERE id = 1",
    "INSERT INTO activity_unsealed SELECT id, region_code, at FROM activity",
)
ATTACKS = [
    pytest.param(CUT, "is not there: the log ends at 1", id="cut"),
    pytest.param(EMPTIED, "is not there: the log is empty", id="emptied"),
    pytest.param(REWRITTEN, "is another now: the log was made anew", id="rewritten"),
]


@pytest.mark.parametrize(("statements", "named"), ATTACKS)
def test_an_attack_is_named_by_the_head_in_the_file(office, closed, statements, named):
    assert siweb("check") == BALANCED
    attack(office, *statements)

    code, said = siweb("check")

    day = clock.today()
    assert (code, said.splitlines()[-1]) == (
        1,
        f"activity: the head {closed} noted on {day} {named}",
    )


@pytest.mark.parametrize(("statements", "named"), ATTACKS)
def test_an_attack_is_named_by_the_head_that_somebody_types(
    office, tmp_path, closed, statements, named
):
    """The file in var_dir is gone with the rest: what was printed is not."""
    (tmp_path / "heads").unlink()
    attack(office, *statements)

    code, said = siweb("check", "--head", closed.lower())

    assert (code, said.splitlines()[-1]) == (1, f"activity: the head {closed} {named}")


def test_the_head_goes_where_the_operator_says(office, tmp_path, monkeypatch):
    elsewhere = tmp_path / "mount" / "heads"
    monkeypatch.setenv("SIWEB_HEADS_FILE", str(elsewhere))
    write(office, 1)

    code, said = siweb("close-day")
    assert (code, f"could not be noted in {elsewhere}: No such file" in said) == (1, True)
    assert "file of noted heads" in siweb("check")[1]
    elsewhere.parent.mkdir()
    first = siweb("close-day")[1].splitlines()[-1].rpartition(" ")[2]
    write(office, 2)
    second = siweb("close-day")[1].splitlines()[-1].rpartition(" ")[2]

    assert [line.split() for line in elsewhere.read_text().splitlines()] == [
        [clock.today().isoformat(), first],
        [clock.today().isoformat(), second],
    ]
    assert Head.read(first).position + 1 == Head.read(second).position
    assert siweb("check") == BALANCED
    elsewhere.write_text(f"2026-11-24 {second}\n2026-11-25 {first}\n")
    assert siweb("check") == (1, f"activity: the heads in {elsewhere} are not in their order\n")
    elsewhere.write_text("nonsense\n")
    assert f"{elsewhere} has a line that is no head: nonsense" in siweb("check")[1]


def test_a_head_that_is_none_is_told(office):
    code, said = siweb("check", "--head", "12-ABC")

    assert (code, "12-ABC is not a head such as close-day prints" in said) == (2, True)


def test_lines_that_nobody_sealed_in_time_are_named_once(office, monkeypatch):
    now = clock.now()
    write(office, 1, 2)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))

    code, said = siweb("check")

    assert code == 1
    assert said.startswith("activity: 2 lines waited for a seal since ")
    assert said.endswith(" UTC, longer than 2 seconds: does siweb work run?\n")
    assert siweb("check") == BALANCED


def test_lines_that_a_sealer_takes_while_the_check_waits_are_not_named(office, monkeypatch):
    now = clock.now()
    write(office, 1)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))
    monkeypatch.setattr(log_proof, "_wait", lambda _seconds: siweb("seal"))

    assert siweb("check") == BALANCED


def test_a_check_without_seals_leaves_the_log_alone(office):
    write(office, 1)

    assert siweb("check", "--no-seals") == BALANCED
    assert waiting(office) == 1


def test_seal_prints_the_head(office):
    assert siweb("seal") == (0, "Sealed 0 lines.\n")
    write(office, 1)

    code, said = siweb("seal")

    assert (code, said.splitlines()[0]) == (0, "Sealed 1 line.")
    assert Head.read(said.splitlines()[1]).position == 1


def test_a_lost_key_is_told_and_a_new_one_begins_when_it_is_said(office, tmp_path):
    write(office, 1)
    siweb("seal")
    (tmp_path / "chain_key").unlink()
    write(office, 2)

    assert "activity: nothing is sealed, since the chain is under the key " in siweb("check")[1]
    refused = siweb("seal")
    assert (refused[0], "siweb seal --new-key if it is lost" in refused[1]) == (1, True)
    assert siweb("close-day")[:1] == (1,)
    assert siweb("seal", "--new-key")[0] == 0
    code, said = siweb("check")
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("activity 1 and more: sealed with the key ")


@pytest.fixture
def old_office(tmp_path, monkeypatch):
    """An office of the version before, with five lines."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay_schema(engine, BEFORE)
    with engine.begin() as connection:
        end = write_old(connection, 5)
    yield engine, end
    engine.dispose()


def test_an_office_of_before_comes_over_with_migrate(old_office, tmp_path):
    engine, old_end = old_office

    code, said = siweb("migrate")

    taken, head, done = said.splitlines()
    assert code == 0
    assert taken.endswith(f"Its old chain had 5 lines and ended with {old_end}.")
    assert done == "The database is at the newest schema."
    assert (tmp_path / "heads").read_text().split()[1] == head.rpartition(" ")[2]
    with engine.connect() as connection:
        facts = text("SELECT facts FROM activity WHERE action = 'activity.taken_over'")
        assert old_end in connection.scalar(facts)
    assert siweb("check") == BALANCED
    assert siweb("migrate") == (0, "The database is at the newest schema.\n")


def test_a_server_seals_beside_its_pages(office, monkeypatch):
    started = []
    monkeypatch.setattr(siweb_app, "start_sealing", lambda sealer, _stop: started.append(sealer))

    siweb_app.create_front()

    write(office, 1)
    assert [sealer.seal() for sealer in started] == [1]


def test_the_worker_seals_beside_its_jobs(office, monkeypatch):
    from siweb.cli.operation import worker

    sealed, stop = threading.Event(), threading.Event()
    monkeypatch.setattr(worker, "start_sealing", lambda _sealer, _stop: sealed.set() or stop.set())

    worker.work_for(worker.command_settings(), stop)

    assert sealed.is_set()
