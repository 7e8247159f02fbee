"""Where the processes of one server count together: files that each of them holds in memory."""

import os
import shutil
from pathlib import Path

# The library reads it when its first count is made; a server's processes inherit it.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_KINDS = ("counter", "histogram")
# Four thousand counts of a route, twice what all routes come to.
_BYTES = 1 << 20
_OWNER_ONLY = 0o600


def begin_counting(folder: Path) -> None:
    """Let the processes that come from this one count in a folder, from nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ[FOLDER] = str(folder)


def hold_room() -> bool:
    """Take the room of this process's counts on the disk; return False where there is none.

    The library leaves holes in its files: on a disk that fills up later, to write into one would
    end the process without a word, and a full disk must not close the pages.
    """
    folder = Path(os.environ[FOLDER])
    try:
        for kind in _KINDS:
            handle = os.open(
                folder / f"{kind}_{os.getpid()}.db", os.O_RDWR | os.O_CREAT, _OWNER_ONLY
            )
            try:
                os.posix_fallocate(handle, 0, _BYTES)
            finally:
                os.close(handle)
    except OSError:
        return False
    return True
