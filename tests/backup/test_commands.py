"""`siweb backup` and `siweb restore` as whoever keeps an office alive uses them."""

import os
import stat
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from siweb import clock
from siweb.backup.archive import write_archive
from siweb.backup.drill import Drill, last_drill
from siweb.backup.make import name_of
from siweb.backup.manifest import Manifest, TableInBackup
from siweb.backup.values import Form
from siweb.db.engine import make_engine
from tests.cli.conftest import run
from tests.conftest import NOW
from tests.db.conversions.test_convert_entries import rows_of

__all__ = ["run"]


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def made(run, office, tmp_path):
    """A backup that was not proved, which takes longer."""
    found = run("backup", "--no-verify", "--to", tmp_path / "b")
    assert found.exit_code == 0, found.output
    return tmp_path / "b" / "siweb-20261124T020000Z.zip"


def test_a_backup_is_restored_at_once_and_its_books_are_proved(run, office):
    found = run("backup")

    assert found.exit_code == 0, found.output
    assert "It was restored into an empty folder, and its books balance." in found.stdout
    (path,) = (office.var_dir / "backups").iterdir()
    assert path.name == "siweb-20261124T020000Z.zip"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_books_that_do_not_balance_are_named_and_the_backup_is_there(run, office):
    engine = make_engine(office.engine_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE bill SET paid_fen = paid_fen + 1 WHERE id = 1")
    engine.dispose()
    folder = office.var_dir / "backups"
    folder.mkdir()
    # Of the same day, and so one too many by the rule.
    older = folder / "siweb-20261124T010000Z.zip"
    older.touch()

    found = run("backup", "--keep", "1,1,1")

    assert found.exit_code == 1
    assert "bill 1" in found.stdout
    assert "its books do not balance" in found.stderr
    assert older.exists()
    assert len(list(folder.iterdir())) == 2


def test_a_sealed_backup_holds_the_secrets_and_opens_with_its_key_alone(
    run, office, elsewhere, tmp_path
):
    key, other = tmp_path / "key", tmp_path / "other"
    public = run("backup", "new-key", key).stdout.strip()
    run("backup", "new-key", other)
    found = run("backup", "--no-verify", "--recipient", public, "--with-secrets", "--to", tmp_path)
    assert found.exit_code == 0, found.output
    (path,) = tmp_path.glob("*.age")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert not zipfile.is_zipfile(path)
    there = elsewhere(with_secrets=False)

    for words, said in (
        ((), "The backup is sealed: name the file of its secret key."),
        (("--identity", other), "The key does not open this backup"),
    ):
        refused = run("restore", path, *words)
        assert refused.exit_code == 1
        assert said in refused.stderr
    assert list(there.var_dir.iterdir()) == []

    restored = run("restore", path, "--identity", key)

    assert restored.exit_code == 0, restored.output
    assert "The books balance." in restored.stdout
    kept = there.var_dir / "field_key"
    assert kept.read_text() == os.environ.get("SIWEB_FIELD_KEY", kept.read_text())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_secrets_go_into_a_sealed_backup_alone(run, office, tmp_path):
    found = run("backup", "--with-secrets", "--to", tmp_path)

    assert found.exit_code == 2
    assert "Secrets go into a sealed backup alone" in found.stderr
    assert list(tmp_path.glob("*.zip*")) == []


def test_a_key_is_not_written_over(run, tmp_path):
    run("backup", "new-key", tmp_path / "key")
    before = (tmp_path / "key").read_text()

    assert "is there already" in run("backup", "new-key", tmp_path / "key").stderr
    assert (tmp_path / "key").read_text() == before


@pytest.mark.parametrize("recipient", ["age1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1"])
def test_a_recipient_that_is_none_leaves_no_file(run, office, tmp_path, recipient):
    found = run("backup", "--recipient", recipient, "--to", tmp_path / "b")

    assert found.exit_code == 1
    assert f"{recipient} is no public key for backups" in found.stderr
    assert not (tmp_path / "b").exists() or list((tmp_path / "b").iterdir()) == []


def test_an_office_that_is_there_is_not_written_over(run, office, made):
    found = run("restore", made)

    assert found.exit_code == 1
    assert "The database holds an office already." in found.stderr


def test_without_its_keys_nothing_is_restored_and_with_them_it_is(run, made, elsewhere):
    there = elsewhere(with_secrets=False)
    refused = run("restore", made)
    assert refused.exit_code == 1
    assert "The field key is missing" in refused.stderr
    for name in ("field_key", "digest_key"):
        (there.var_dir / name).write_text("another office's key, long enough to be one")
        (there.var_dir / name).chmod(0o600)

    other = run("restore", made)

    # Keys that open none of its numbers: everything is taken out again.
    assert other.exit_code == 1
    engine = make_engine(there.engine_url)
    assert rows_of(engine, "SELECT count(*) AS rows FROM person") == [{"rows": 0}]
    engine.dispose()


@pytest.mark.parametrize("damage", ["a table", "cut off", "no backup"])
def test_a_damaged_backup_says_so_and_leaves_the_place_empty(run, made, elsewhere, damage):
    there = elsewhere()
    if damage == "no backup":
        made.write_bytes(b"PK: but nothing else")
    elif damage == "cut off":
        made.write_bytes(made.read_bytes()[:-2_000])
    else:
        with zipfile.ZipFile(made) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts["tables/person.jsonl"] = parts["tables/person.jsonl"].replace(b'"M"', b'"F"', 1)
        with zipfile.ZipFile(made, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)

    found = run("restore", made)

    assert found.exit_code == 1
    said = "The rows of person are not those" if damage == "a table" else "It is no backup of siweb"
    assert said in found.stderr
    engine = make_engine(there.engine_url)
    if damage == "a table":
        assert rows_of(engine, "SELECT count(*) AS rows FROM person") == [{"rows": 0}]
    engine.dispose()


def by_hand(path, *, revision="0084", **manifest):
    """Write a backup as an earlier version made it: one line of the activity log."""
    columns = (
        ("id", Form.NUMBER), ("at", Form.INSTANT), ("account_id", Form.NUMBER),
        ("person_id", Form.NUMBER), ("employer_id", Form.NUMBER), ("channel", Form.TEXT),
        ("action", Form.TEXT), ("subject_kind", Form.TEXT), ("subject_id", Form.TEXT),
        ("facts", Form.JSON),
    )  # fmt: skip
    line = [7, "2026-02-03T08:00:00.000000+00:00", 1, None, None, "web", "t", "t", "1", "{}"]
    with write_archive(path) as archive:
        rows, digest = archive.table("activity", [line])
        table = TableInBackup("activity", columns, rows, digest)
        archive.manifest(Manifest("0.0.1", revision, "sqlite", NOW, (table,), **manifest))
    return path


def test_a_backup_of_an_earlier_version_is_brought_up(run, elsewhere, tmp_path):
    there = elsewhere()

    found = run("restore", by_hand(tmp_path / "old.zip"))

    # The line is of no chain: whoever made this backup left it out.
    assert "activity 7: nobody sealed it" not in found.stdout
    engine = make_engine(there.engine_url)
    lines = rows_of(engine, "SELECT id, region_code, action FROM activity ORDER BY id")
    engine.dispose()
    assert lines[0] == {"id": 7, "region_code": 0, "action": "t"}
    assert [line["action"] for line in lines[1:]] == ["office.restored"]


def test_a_file_that_would_lie_elsewhere_is_not_written(run, elsewhere, tmp_path, monkeypatch):
    elsewhere()
    (tmp_path / "files").mkdir()
    monkeypatch.setenv("SIWEB_FILES_DIR", str(tmp_path / "files"))
    path = by_hand(tmp_path / "old.zip", files=("files/../stolen",))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("files/../stolen", b"x")

    found = run("restore", path)

    assert found.exit_code == 1
    assert "would lie outside the folder of the files" in found.stderr
    assert not (tmp_path / "stolen").exists()


def test_a_row_whose_other_row_is_gone_is_named_and_nothing_stays(run, elsewhere, tmp_path):
    there = elsewhere()
    columns = (("activity_id", Form.NUMBER), ("written_at", Form.INSTANT))
    with write_archive(tmp_path / "old.zip") as archive:
        row = [1, "2026-02-03T08:00:00.000000+00:00"]
        rows, digest = archive.table("activity_unsealed", [row])
        table = TableInBackup("activity_unsealed", columns, rows, digest)
        archive.manifest(Manifest("0.0.1", "0084", "sqlite", NOW, (table,)))

    found = run("restore", tmp_path / "old.zip")

    assert found.exit_code == 1
    assert "A row of activity_unsealed refers to a row of activity that is gone." in found.stderr
    engine = make_engine(there.engine_url)
    assert rows_of(engine, "SELECT count(*) AS rows FROM activity_unsealed") == [{"rows": 0}]
    engine.dispose()


@pytest.mark.parametrize("more", [{"revision": "9999"}, {"format": 2}])
def test_a_backup_of_a_later_version_is_left_to_that(run, elsewhere, tmp_path, more):
    elsewhere()

    found = run("restore", by_hand(tmp_path / "new.zip", **more))

    assert found.exit_code == 1
    assert "A later version made it (siweb 0.0.1)" in found.stderr


def test_the_newest_of_each_day_week_and_month_stay(run, office, tmp_path):
    folder = tmp_path / "b"
    folder.mkdir()
    days = [1, 2, 3, 6, 7, 8, 9, 10, 30, 40, 100]
    for number in days:
        at = NOW - timedelta(days=number)
        (folder / f"siweb-{at:%Y%m%dT%H%M%SZ}.zip").touch()
    (folder / "siweb-20261123T010000Z.zip").touch()  # of yesterday too, and older
    (folder / "notes.zip").touch()

    found = run("backup", "--no-verify", "--to", folder, "--keep", "3,2,3")

    assert found.exit_code == 0, found.output
    left = sorted(path.name for path in folder.iterdir())
    kept = [NOW - timedelta(days=number) for number in (0, 1, 2, 30, 100)]
    assert left == ["notes.zip", *sorted(f"siweb-{at:%Y%m%dT%H%M%SZ}.zip" for at in kept)]
    listed = run("backup", "list", "--in", folder).stdout.splitlines()
    assert [line.split()[1] for line in listed] == ["0", "24", "48", "720", "2,400"]


@pytest.mark.parametrize("rule", ["", "7", "0,1,1", "7,5,-1", "a,b,c"])
def test_a_rule_that_is_none_is_said_before_anything_is_made(run, office, tmp_path, rule):
    found = run("backup", "--to", tmp_path / "b", "--keep", rule or ",")

    assert found.exit_code == 1
    assert "is no rule such as 7,5,12" in found.stderr
    assert not (tmp_path / "b").exists()


def test_without_a_backup_the_list_says_how_to_make_one(run, office):
    assert "There is no backup yet" in run("backup", "list").stdout


def test_files_of_a_folder_come_and_go_with_it(run, office, elsewhere, tmp_path, monkeypatch):
    files = tmp_path / "files"
    (files / "upload").mkdir(parents=True)
    (files / "upload" / "a").write_bytes(b"sealed")
    monkeypatch.setenv("SIWEB_FILES_DIR", str(files))
    assert run("backup", "--no-verify", "--to", tmp_path / "b").exit_code == 0
    (path,) = (tmp_path / "b").iterdir()
    elsewhere()
    monkeypatch.delenv("SIWEB_FILES_DIR")
    assert "set SIWEB_FILES_DIR to an empty one" in run("restore", path).stderr
    (tmp_path / "new").mkdir()
    monkeypatch.setenv("SIWEB_FILES_DIR", str(tmp_path / "new"))

    assert run("restore", path).exit_code == 0
    assert (tmp_path / "new" / "upload" / "a").read_bytes() == b"sealed"


def test_made_at_is_in_utc_whatever_the_zone():
    at = datetime(2026, 1, 1, 1, tzinfo=UTC).astimezone()
    assert name_of(at, is_sealed=True) == "siweb-20260101T010000Z.zip.age"


def test_a_drill_restores_what_lies_there_with_the_key_that_is_kept(run, office, tmp_path):
    public = run("backup", "new-key", tmp_path / "key").stdout.strip()
    assert "There is no backup yet" in run("backup", "drill").stderr
    run("backup", "--no-verify", "--recipient", public)
    folder = office.var_dir / "backups"

    refused = run("backup", "drill")
    held = run("backup", "drill", "--identity", tmp_path / "key")

    # Without the key nothing was proved, and nothing is noted.
    assert refused.exit_code == 1 and "was not restored. The backup is sealed" in refused.stderr
    assert held.exit_code == 0, held.output
    assert held.stdout == "siweb-20261124T020000Z.zip.age was restored, and its books balance.\n"
    assert last_drill(folder) == Drill(NOW, "siweb-20261124T020000Z.zip.age", 0)
    assert sorted(path.name for path in folder.iterdir()) == [
        "last-drill.json", "siweb-20261124T020000Z.zip.age",
    ]  # fmt: skip


def test_a_drill_on_a_damaged_file_is_refused(run, office, made):
    made.write_bytes(made.read_bytes()[:1_000])

    found = run("backup", "drill", "--in", made.parent)

    assert found.exit_code == 1
    assert "was not restored" in found.stderr
    assert last_drill(made.parent) is None
