"""/readyz says whether the office can work, and what is wrong; /healthz only that it answers."""

import shutil
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, func, select, text

from siweb.app import create_app
from siweb.audit.access_log import store
from siweb.audit.access_log.entry import AccessLogEntry
from siweb.audit.access_log.store import FILE_NAME, AccessLog, open_access_log
from siweb.db.engine import make_engine
from siweb.secret_keys import DIGEST, FIELD
from siweb.settings import Settings
from siweb.web.database import open_database
from siweb.web.serving import readiness as readiness_module
from siweb.web.serving import ready
from siweb.web.serving.readiness import LEAST_FREE_BYTES, readiness
from tests.migrated import lay_schema
from tests.office_secrets import SECRETS

READY = {"database": "ok", "schema": "ok", "disk": "ok"}
# What the whole office looks at besides: whoever is shown must leave a trace.
OFFICE_READY = READY | {"access_log": "ok", "keys": "ok"}


@pytest.fixture
def database(tmp_path):
    found = open_database(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay_schema(found.engine)
    yield found
    found.engine.dispose()


@pytest.fixture
def office(tmp_path, database):
    return create_app(Settings(var_dir=tmp_path, **SECRETS), database)


def test_an_office_that_can_work_is_ready(office):
    found = office.test_client().get("/readyz")

    assert (found.status_code, found.json) == (200, OFFICE_READY)


def test_both_databases_are_tried(engine, tmp_path):
    assert readiness(engine, tmp_path) == READY


def test_a_long_writing_is_no_reason_to_stay_away(office, database):
    with database.engine.begin() as writing:
        writing.execute(text("UPDATE job SET attempts = 0"))

        assert office.test_client().get("/readyz").status_code == 200


def move_the_database(folder, database, _monkeypatch):
    database.engine.dispose()
    folder.joinpath("siweb.sqlite3").rename(folder / "elsewhere")
    folder.joinpath("siweb.sqlite3").mkdir()


def put_the_schema_back(_folder, database, _monkeypatch):
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))


def fill_the_disk(_folder, _database, monkeypatch):
    usage = SimpleNamespace(free=LEAST_FREE_BYTES - 1)
    monkeypatch.setattr(readiness_module.shutil, "disk_usage", lambda _folder: usage)


def take_the_access_log_away(folder, _database, _monkeypatch):
    folder.joinpath(FILE_NAME).unlink()


def show_a_key(folder, _database, monkeypatch):
    monkeypatch.delitem(SECRETS, DIGEST.name)
    folder.joinpath(DIGEST.name).write_text("for everybody")
    folder.joinpath(DIGEST.name).chmod(0o644)


INJECTED = {
    "database": (move_the_database, "cannot be written"),
    "schema": (put_the_schema_back, "not the newest"),
    "disk": (fill_the_disk, "nearly full"),
    "access_log": (take_the_access_log_away, "cannot be written"),
    "keys": (show_a_key, "missing or open to others"),
}


def test_nothing_is_looked_at_that_nobody_ever_broke(office):
    """By what /readyz itself says it looks at: a new word needs its fault here."""
    assert set(office.test_client().get("/readyz").json) == set(INJECTED)


@pytest.mark.parametrize("what", INJECTED)
def test_each_fault_is_named_and_visitors_are_sent_elsewhere(
    office, database, tmp_path, monkeypatch, what
):
    assert office.test_client().get("/readyz").status_code == 200
    office.extensions["siweb_readiness"]._until = 0.0
    inject, words = INJECTED[what]
    inject(tmp_path, database, monkeypatch)
    office.extensions["siweb_settings"] = Settings(var_dir=tmp_path, **SECRETS)

    found = office.test_client().get("/readyz")

    assert found.status_code == 503
    assert found.json[what] == words


def test_a_database_that_only_reads_is_not_ready(tmp_path, database):
    reading = create_engine(f"sqlite:///file:{tmp_path / 'siweb.sqlite3'}?mode=ro&uri=true")

    assert readiness(reading, tmp_path) == READY | {"database": "cannot be written"}
    reading.dispose()


def test_a_database_that_is_gone_is_not_ready(tmp_path):
    gone = create_engine(f"sqlite:///{tmp_path / 'no' / 'such.sqlite3'}")

    found = readiness(gone, tmp_path)

    assert found == {"database": "cannot be written", "schema": "unknown", "disk": "ok"}


@pytest.mark.parametrize(
    ("free", "found"), [(LEAST_FREE_BYTES, "ok"), (LEAST_FREE_BYTES - 1, "nearly full")]
)
def test_a_disk_needs_room(engine, tmp_path, monkeypatch, free, found):
    monkeypatch.setattr(
        readiness_module.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free)
    )

    assert readiness(engine, tmp_path)["disk"] == found


def test_a_folder_that_is_gone_has_no_room(engine, tmp_path):
    shutil.rmtree(tmp_path)

    assert readiness(engine, tmp_path)["disk"] == "nearly full"


def test_it_is_looked_at_seldom_however_often_it_is_asked(office, monkeypatch):
    looked = []
    monkeypatch.setattr(ready, "readiness", lambda *_given: looked.append(1) or dict(READY))
    times = iter([0.0, 0.0, 1.9, 2.0, 2.0])
    monkeypatch.setattr(ready.time, "monotonic", lambda: next(times))
    browser = office.test_client()

    for _time in range(3):
        browser.get("/readyz")

    assert len(looked) == 2


def test_the_sign_of_life_needs_no_database(office, database):
    database.engine.dispose()

    assert office.test_client().get("/healthz").text == "ok"


@pytest.mark.parametrize("fault", ["gone", "open", "empty"])
def test_a_key_that_the_next_start_would_miss_is_not_ready(tmp_path, database, fault):
    """The process goes on with what it holds: /readyz is the one to say it in time."""
    settings = Settings(var_dir=tmp_path)
    settings.make_secrets()
    for name in (FIELD.name, DIGEST.name):  # those with which the tests' numbers are sealed
        (tmp_path / name).write_text(SECRETS[name])
    visitor = create_app(settings, database).test_client()
    assert visitor.get("/readyz").json["keys"] == "ok"
    visitor.application.extensions["siweb_readiness"]._until = 0.0
    key = tmp_path / "digest_key"
    {"gone": key.unlink, "open": lambda: key.chmod(0o644), "empty": lambda: key.write_text("")}[
        fault
    ]()

    found = visitor.get("/readyz")

    assert (found.status_code, found.json["keys"]) == (503, "missing or open to others")


def test_an_access_log_without_a_place_is_not_ready(tmp_path):
    (tmp_path / "file").write_text("")

    assert not AccessLog(None, tmp_path / "file").is_writable()


def test_looking_at_the_access_log_leaves_nothing_in_it(engine, sessions, tmp_path):
    log = open_access_log(engine, sessions, tmp_path)

    assert log.is_writable()
    with log.session() as session:
        assert session.scalar(select(func.count()).select_from(AccessLogEntry)) == 0


def test_an_access_log_that_others_write_is_ready(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_WAIT", 1)
    log = AccessLog(None, tmp_path)
    assert log.is_writable()

    with make_engine(f"sqlite:///{tmp_path / FILE_NAME}").begin():
        assert log.is_writable()
