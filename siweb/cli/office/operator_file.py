"""The file that proves who runs commands: only its owner reads it, as with an SSH key."""

import os
import stat
from pathlib import Path

import click

_OTHERS = 0o077
_MOST = 4_096


def default_file() -> str:
    """Return where the file lies when nobody says another place."""
    return str(Path(click.get_app_dir("siweb")) / "operator")


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else reads, in the place of an old one.

    :raises click.ClickException: when it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Made anew and for this owner alone before a word is in it; then moved, so that no link
        # that somebody laid there is followed.
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise click.ClickException(f"Cannot write {path}: {error.strerror}.") from error


def read_private(path: Path) -> str | None:
    """Return what a file says that only its owner reads; None when there is none.

    :raises click.UsageError: when it is another's, or others may read it.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise click.UsageError(f"Cannot read {path}: {error.strerror}.") from error
    with os.fdopen(handle, encoding="utf-8", errors="replace") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            raise click.UsageError(f"{path} is not a file of yours.")
        if found.st_mode & _OTHERS:
            raise click.UsageError(f"Others may read {path}: chmod 600 {path}.")
        return file.read(_MOST)
