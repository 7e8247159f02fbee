"""A drill: the newest backup is restored from where it lies, with the key that opens it.

`siweb backup` proves what it is about to seal. Only a drill proves what lies in the folder, and
that whoever keeps the key still has it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from siweb.backup.prove import prove_backup
from siweb.settings import Settings

# Beside the backups: it says something of them, and is found by whichever machine looks there.
_FILE = "last-drill.json"


@dataclass(frozen=True, slots=True)
class Drill:
    """The last drill: when, with which backup, and how many lines did not balance."""

    at: datetime
    backup: str
    wrong: int


def hold_drill(
    settings: Settings,
    path: Path,
    identity: str | None,
    books_of: Callable[[Settings], list[str]],
    *,
    at: datetime,
) -> list[str]:
    """Restore a backup into a folder that goes again, note it, and return what is wrong.

    :raises NotABackup: when it cannot be restored; nothing is noted then.
    :raises WrongKey: when it is sealed and the key is another one.
    """
    wrong = prove_backup(settings, path, books_of, identity)
    note = {"at": at.isoformat(), "backup": path.name, "wrong": len(wrong)}
    (path.parent / _FILE).write_bytes(orjson.dumps(note))
    return wrong


def last_drill(folder: Path) -> Drill | None:
    """Return the last drill of a folder of backups; None where there was none."""
    try:
        found = orjson.loads((folder / _FILE).read_bytes())
        return Drill(datetime.fromisoformat(found["at"]), found["backup"], found["wrong"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
