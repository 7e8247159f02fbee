"""Take over what an office of an earlier version kept beside its database."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore

# Where they lay, in SIWEB_VAR_DIR.
_FORMER = {"uploads": FileKind.SHEET, "statements": FileKind.STATEMENT}
# An upload that never was whole.
_UNFINISHED = ".growing"


def take_in_former_files(sessions: sessionmaker[Session], files: FileStore, var_dir: Path) -> int:
    """Keep the files of the former folders as the office keeps files now; return how many.

    Each is deleted there once it is kept: what stops in between goes on from there.
    """
    moved = 0
    for folder, kind in _FORMER.items():
        for file in sorted((var_dir / folder).glob("*")):
            if file.suffix != _UNFINISHED:
                handed_in_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
                with file.open("rb") as source, sessions.begin() as session:
                    files.keep(session, kind, source, at=handed_in_at)
                moved += 1
            file.unlink()
        if (var_dir / folder).is_dir():
            (var_dir / folder).rmdir()
    return moved
