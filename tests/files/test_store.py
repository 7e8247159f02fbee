"""What is handed in is found again on every machine, sealed, once, and for its time."""

import io
import os
import signal
import stat
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.db.engine import make_sessions
from siweb.files.bucket import StoreFault
from siweb.files.folder import Folder
from siweb.files.kept_file import FileKind, KeptFile, KeptFilePiece
from siweb.files.store import PIECE, FileGone, FileStore
from siweb.secret_keys import SecretFault
from siweb.settings import SettingError, Settings
from tests.conftest import NOW
from tests.files.object_store import bucket_settings
from tests.migrated import own_postgresql, run_at_once

LIST = "陈新,310101199203071232\n".encode()
LONG = os.urandom(1000) * (2 * PIECE // 1000 + 10)


@pytest.fixture(params=["database", "folder", "bucket"])
def store(request, tmp_path, object_store):
    return FileStore.of(settings_of(request.param, tmp_path, object_store))


@pytest.fixture(params=["folder", "bucket"])
def outside(request, tmp_path, object_store):
    """A store outside the database, and what lies in it, by name."""
    store = FileStore.of(settings_of(request.param, tmp_path, object_store))

    def lying():
        if request.param == "bucket":
            return dict(object_store.objects)
        files = [place for place in (tmp_path / "shared").rglob("*") if place.is_file()]
        return {
            place.relative_to(tmp_path / "shared").as_posix(): place.read_bytes() for place in files
        }

    return store, lying


def settings_of(place, tmp_path, object_store):
    if place == "bucket":
        return Settings(var_dir=tmp_path, **bucket_settings(object_store))
    (tmp_path / "shared").mkdir(exist_ok=True)
    return Settings(
        var_dir=tmp_path, files_dir=str(tmp_path / "shared" if place == "folder" else "")
    )


def keep(store, session, content, kind=FileKind.SHEET, at=NOW):
    return store.keep(session, kind, io.BytesIO(content), at=at)


def read(store, session, digest, kind=FileKind.SHEET):
    with store.opened(session, kind, digest) as file:
        return file.read_bytes()


@pytest.mark.parametrize("content", [b"", LIST, LONG, b"x" * PIECE])
def test_what_is_kept_is_read_again(store, session, content):
    assert read(store, session, keep(store, session, content)) == content


def test_another_machine_reads_what_this_one_kept(store, session, sessions, tmp_path):
    digest = keep(store, session, LIST)
    session.commit()
    elsewhere = FileStore(store._place)

    with sessions() as other:
        assert read(elsewhere, other, digest) == LIST


def test_the_clear_file_is_its_owners_and_gone_after_the_reading(store, session):
    digest = keep(store, session, LIST)

    with store.opened(session, FileKind.SHEET, digest) as file:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not file.exists()


def test_no_number_stands_in_clear_where_files_lie(store, session, tmp_path, object_store):
    keep(store, session, LIST)

    lying = [bytes(piece) for piece in session.scalars(select(KeptFilePiece.content))]
    lying += [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    lying += object_store.objects.values()

    assert lying
    assert not any(b"310101" in content for content in lying)


def test_the_same_content_is_kept_once_and_its_time_begins_anew(store, session):
    first = keep(store, session, LIST)
    assert keep(store, session, LIST, at=NOW + timedelta(days=30)) == first

    assert session.scalar(select(func.count()).select_from(KeptFile)) == 1
    before = NOW + timedelta(days=30)
    assert store.forget(session, FileKind.SHEET, before=before) == 0
    assert store.forget(session, FileKind.SHEET, before=before + timedelta(seconds=1)) == 1


def test_what_is_forgotten_is_gone_and_other_kinds_stay(store, session):
    digest = keep(store, session, LIST)
    keep(store, session, LIST, FileKind.STATEMENT)

    assert store.forget(session, FileKind.SHEET, before=NOW + timedelta(days=1)) == 1

    with pytest.raises(FileGone):
        read(store, session, digest)
    assert read(store, session, digest, FileKind.STATEMENT) == LIST


def test_a_forgotten_file_can_be_handed_in_again(store, session):
    digest = keep(store, session, LIST)
    store.forget(session, FileKind.SHEET, before=NOW + timedelta(days=1))

    keep(store, session, LIST, at=NOW + timedelta(days=2))

    assert read(store, session, digest) == LIST


def test_a_file_in_the_folder_is_its_owners_whatever_the_umask(session, tmp_path):
    before = os.umask(0)
    try:
        keep(FileStore(Folder(tmp_path)), session, LIST)
    finally:
        os.umask(before)

    modes = {stat.S_IMODE(place.stat().st_mode) for place in tmp_path.rglob("*")}
    assert modes == {0o700, 0o600}


def test_a_changed_piece_is_not_read(session, tmp_path):
    store = FileStore(Folder(tmp_path))
    digest = keep(store, session, LIST)
    (file,) = tmp_path.rglob(digest)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)

    with pytest.raises(SecretFault, match="changed since"):
        read(store, session, digest)


def test_a_file_that_vanished_from_the_folder_is_gone(session, tmp_path):
    store = FileStore(Folder(tmp_path))
    digest = keep(store, session, LIST)
    for file in tmp_path.rglob(digest):
        file.unlink()

    with pytest.raises(FileGone):
        read(store, session, digest)


def test_writing_that_is_killed_leaves_no_half_a_file(session, tmp_path):
    code = (
        "import io, os, signal\n"
        "from pathlib import Path\n"
        "from siweb.db.sealing.field_keys import FieldKeys, hold_field_keys\n"
        "from siweb.files import store\n"
        "hold_field_keys(lambda: FieldKeys(['f' * 43], 'd' * 43))\n"
        "Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"store.Folder(Path({str(tmp_path)!r})).write('sheet/ab/abc', [b'list'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)

    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not list(FileStore(Folder(tmp_path))._place.names("sheet"))


def test_what_was_forgotten_or_never_committed_is_removed_and_the_rest_stays(
    outside, session, sessions
):
    store, lying = outside
    kept = keep(store, session, LIST)
    keep(store, session, b"old", at=NOW - timedelta(days=9))
    session.commit()
    keep(store, session, b"never committed", FileKind.STATEMENT)
    session.rollback()
    store.forget(session, FileKind.SHEET, before=NOW - timedelta(days=1))
    session.commit()
    assert len(lying()) == 3

    assert store.remove_orphans(sessions, at=NOW) == 2

    assert [name.rpartition("/")[2] for name in lying()] == [kept]
    assert session.scalars(select(KeptFile.digest)).all() == [kept]
    assert store.remove_orphans(sessions, at=NOW) == 0
    assert read(store, session, kept) == LIST


def test_what_was_forgotten_by_a_transaction_that_failed_is_still_read(outside, session, sessions):
    store, _lying = outside
    digest = keep(store, session, LIST)
    session.commit()
    store.forget(session, FileKind.SHEET, before=NOW + timedelta(days=1))
    session.rollback()

    store.remove_orphans(sessions, at=NOW)

    assert read(store, session, digest) == LIST


def test_what_was_never_whole_goes_from_the_folder_after_a_day(sessions, tmp_path):
    (tmp_path / "sheet" / "ab").mkdir(parents=True)
    for name, at in (("old", NOW - timedelta(hours=25)), ("new", NOW - timedelta(hours=23))):
        growing = tmp_path / "sheet" / "ab" / f"abc.{name}"
        growing.touch()
        os.utime(growing, (at.timestamp(), at.timestamp()))

    with time_machine.travel(NOW, tick=False):
        FileStore(Folder(tmp_path)).remove_orphans(sessions, at=NOW)

    assert [place.name for place in (tmp_path / "sheet" / "ab").iterdir()] == ["abc.new"]


def test_of_several_pages_of_a_bucket_all_orphans_go(session, sessions, object_store):
    store = FileStore.of(Settings(**bucket_settings(object_store)))
    for number in range(5):
        keep(store, session, b"%d" % number)
    session.rollback()
    object_store.objects["sheet/readme"] = b"not ours"

    assert store.remove_orphans(sessions, at=NOW) == 5
    assert list(object_store.objects) == ["sheet/readme"]


def test_a_bucket_that_refuses_leaves_no_half_state(session, object_store):
    store = FileStore.of(Settings(**bucket_settings(object_store)))
    object_store.is_full = True

    with pytest.raises(StoreFault, match="answered 507"):
        keep(store, session, LIST)

    session.commit()
    assert session.scalar(select(func.count()).select_from(KeptFile)) == 0
    object_store.is_full = False
    assert read(store, session, keep(store, session, LIST)) == LIST


def test_an_object_that_was_cut_is_not_read(session, object_store):
    store = FileStore.of(Settings(**bucket_settings(object_store)))
    digest = keep(store, session, LIST)
    for name, content in object_store.objects.items():
        object_store.objects[name] = content[:-5]

    with pytest.raises(StoreFault, match="only in part"):
        read(store, session, digest)


def test_a_bucket_that_is_not_there_or_not_ours_stops_the_start(object_store):
    given = bucket_settings(object_store)
    for wrong in (
        {"files_bucket_secret": "wrong"},
        {"files_bucket": given["files_bucket"] + "-other"},
        {"files_bucket": "http://127.0.0.1:9/office"},
    ):
        with pytest.raises(
            SettingError, match=r"^SIWEB_FILES_BUCKET names .*, which cannot be used"
        ):
            FileStore.of(Settings(**given | wrong))


@pytest.mark.postgresql
def test_the_same_file_at_the_same_moment_is_one(postgresql_url):
    """Two windows send one list: the second waits for the first, and both have it."""
    start, digests = threading.Barrier(4), []
    with own_postgresql(postgresql_url, "two_files") as engine:
        sessions = make_sessions(engine)

        def send():
            with sessions.begin() as session:
                start.wait()
                digests.append(keep(FileStore(), session, LIST))

        run_at_once(send, 4)
        with sessions() as session:
            files = session.scalar(select(func.count()).select_from(KeptFile))
            content = read(FileStore(), session, digests[0])

    assert (len(digests), files, content) == (4, 1, LIST)
