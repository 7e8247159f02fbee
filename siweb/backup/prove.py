"""Prove a backup by doing what it is for: restore it, and prove the books that come out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from siweb.backup.archive import read_archive
from siweb.backup.restore import restore_backup
from siweb.settings import Settings


def prove_backup(
    settings: Settings,
    path: Path,
    books_of: Callable[[Settings], list[str]],
    identity: str | None = None,
) -> list[str]:
    """Restore a backup into a folder that goes again; return what is wrong.

    With the office's own secrets: they are what a restored one needs. `books_of` proves the books.

    :raises NotABackup: when it cannot be restored.
    """
    with TemporaryDirectory(prefix=".prove-", dir=path.parent) as name:
        folder = Path(name)
        files = folder / "files"
        files.mkdir()
        there = replace(
            settings,
            var_dir=folder,
            # Empty is SQLite in the folder: to prove a backup needs no second PostgreSQL.
            database_url="",
            secrets_dir=str(settings.secrets_folder),
            files_dir=str(files) if settings.files_folder is not None else "",
        )
        with read_archive(path, identity) as archive:
            restore_backup(there, archive)
        return books_of(there)
