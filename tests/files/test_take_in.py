"""Lists and statements that an earlier version kept in folders are found again after `migrate`."""

import os
from datetime import timedelta

from sqlalchemy import select

from siweb.files.kept_file import FileKind, KeptFile
from siweb.files.store import FileStore
from siweb.files.take_in import take_in_former_files
from tests.conftest import NOW
from tests.files.test_store import LIST, read

DIGEST = "f0c1bd7a9cfbdfdd94d9eb5bc6a9d7dd5dd8ff2a4b1e1b3b8ac3a7f0c6a1d7a1"


def put(folder, name, content, at=NOW):
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    os.utime(folder / name, (at.timestamp(), at.timestamp()))


def test_former_files_are_kept_with_their_time_and_their_folders_go(session, sessions, tmp_path):
    put(tmp_path / "uploads", f"{DIGEST}.sheet", LIST, at=NOW - timedelta(days=30))
    put(tmp_path / "uploads", f"{DIGEST}.1a2b.growing", LIST[:5])
    put(tmp_path / "statements", DIGEST, b"day,in\n")

    assert take_in_former_files(sessions, FileStore(), tmp_path) == 2

    kept = {file.kind: file for file in session.scalars(select(KeptFile))}
    assert kept[FileKind.SHEET].kept_at == NOW - timedelta(days=30)
    assert read(FileStore(), session, kept[FileKind.SHEET].digest) == LIST
    statement = kept[FileKind.STATEMENT]
    assert read(FileStore(), session, statement.digest, FileKind.STATEMENT) == b"day,in\n"
    assert not list(tmp_path.iterdir())
    assert take_in_former_files(sessions, FileStore(), tmp_path) == 0
