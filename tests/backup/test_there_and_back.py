"""A backup brings the same office back, on either database, by this version or from an earlier one."""

import zipfile

import pytest
from sqlalchemy import select, text

from siweb import clock
from siweb.backup.archive import read_archive, write_archive
from siweb.backup.make import make_backup
from siweb.backup.manifest import Manifest, TableInBackup
from siweb.backup.restore import restore_backup
from siweb.backup.tables import CannotRestore
from siweb.backup.values import Form
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.tables.levy_run import LevyRun, LevyState
from siweb.db.engine import make_engine, make_sessions
from siweb.registry.packs.in_force import packs_in_force
from tests.cli.conftest import run

__all__ = ["run"]
# What a restoring office writes of its own: that it was restored, and the seal of that line.
OWN = {"tables/activity.jsonl", "tables/activity_link.jsonl", "tables/activity_unsealed.jsonl"}


def parts_of(path):
    """Return what stands in a backup, but for what it says of itself."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def imbalances(settings):
    engine = make_engine(settings.engine_url)
    with make_sessions(engine)() as session:
        found = list(check_books(session, packs_in_force(session), Scope()).lines())
    engine.dispose()
    return found


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_the_same_rows_come_back(office, elsewhere, tmp_path, request, kind):
    there = elsewhere(empty_database(request) if kind == "postgresql" else "")
    made = make_backup(office, tmp_path / "backups", at=clock.now())

    with read_archive(made) as archive:
        rows = restore_backup(there, archive)

    again = make_backup(there, tmp_path / "again", at=clock.now())
    before, after = parts_of(made), parts_of(again)
    assert rows > 1_000
    assert {name for name in before if before[name] != after[name]} <= OWN
    assert before["tables/activity.jsonl"] in after["tables/activity.jsonl"]
    assert b'"office.restored"' in after["tables/activity.jsonl"]
    assert imbalances(there) == []


def empty_database(request):
    """Return the address of a database on the throwaway server that nobody wrote into."""
    from sqlalchemy.engine import make_url

    url = make_url(request.getfixturevalue("postgresql_url"))
    server = make_engine(url.render_as_string(hide_password=False))
    with server.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS restored WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE restored"))
    server.dispose()
    return url.set(database="restored").render_as_string(hide_password=False)


@pytest.mark.postgresql
def test_numbers_go_on_where_they_ended(office, elsewhere, tmp_path, request):
    """PostgreSQL counts by sequences, which no row tells of."""
    there = elsewhere(empty_database(request))
    made = make_backup(office, tmp_path, at=clock.now())
    with read_archive(made) as archive:
        restore_backup(there, archive)

    engine = make_engine(there.engine_url)
    with engine.connect() as connection:
        last = connection.scalar(text("SELECT max(id) FROM person"))
        assert connection.scalar(text("SELECT nextval('person_id_seq')")) == last + 1
        last = connection.scalar(text("SELECT max(id) FROM activity"))
        assert connection.scalar(text("SELECT nextval('activity_number')")) == last + 1
    engine.dispose()


def test_a_moment_is_kept_whoever_writes_meanwhile(office, elsewhere, tmp_path, monkeypatch):
    from siweb.backup import make

    read_rows, engine = make.read_rows, make_engine(office.engine_url)

    def read_while_others_write(connection, table):
        if table.name == "person":
            with engine.begin() as writer:
                writer.execute(text("UPDATE person SET name = '后来' WHERE id = 1"))
        return read_rows(connection, table)

    monkeypatch.setattr(make, "read_rows", read_while_others_write)
    made = make_backup(office, tmp_path, at=clock.now())

    assert "后来" not in parts_of(made)["tables/person.jsonl"].decode()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM person WHERE id = 1")) == "后来"
    engine.dispose()


def test_a_levy_that_was_loading_begins_anew(office, elsewhere, tmp_path):
    """PostgreSQL loads a month apart: a backup has its count and none of its rows."""
    engine = make_engine(office.engine_url)
    with make_sessions(engine).begin() as session:
        run = session.scalars(select(LevyRun).order_by(LevyRun.id.desc())).first()
        session.execute(
            text(
                "INSERT INTO levy_run (region_code, contribution_month, through_month, kind,"
                " sequence, state, as_of, due_on, done_through_person_id, totals, started_at)"
                " SELECT region_code, 209912, 209912, kind, 1, 'computing', as_of, due_on, 40,"
                " '{}', started_at FROM levy_run WHERE id = :id"
            ),
            {"id": run.id},
        )
    engine.dispose()
    there = elsewhere()
    with read_archive(make_backup(office, tmp_path, at=clock.now())) as archive:
        restore_backup(there, archive)

    engine = make_engine(there.engine_url)
    with make_sessions(engine)() as session:
        lost = session.scalars(select(LevyRun).where(LevyRun.contribution_month == "2099-12")).one()
        assert (lost.state, lost.done_through_person_id) == (LevyState.COMPUTING, 0)
    engine.dispose()


@pytest.mark.postgresql
def test_a_row_whose_other_row_is_gone_is_named_there_too(elsewhere, tmp_path, request):
    there = elsewhere(empty_database(request))
    columns = (("activity_id", Form.NUMBER), ("written_at", Form.INSTANT))
    with write_archive(tmp_path / "old.zip") as archive:
        row = [1, "2026-02-03T08:00:00.000000+00:00"]
        rows, digest = archive.table("activity_unsealed", [row])
        table = TableInBackup("activity_unsealed", columns, rows, digest)
        archive.manifest(Manifest("0.0.1", "0084", "sqlite", clock.now(), (table,)))

    with read_archive(tmp_path / "old.zip") as archive, pytest.raises(CannotRestore) as refused:
        restore_backup(there, archive)

    assert str(refused.value) == "A row of activity_unsealed refers to a row that is gone."
