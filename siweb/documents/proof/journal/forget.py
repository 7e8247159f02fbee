"""Delete the months of the journal that no backup could need any more."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

# siweb backup keeps twelve months (SIWEB_BACKUP_KEEP): whoever restores the oldest lacks the papers
# since then and no others. With the month itself and some days to spare.
JOURNAL_KEPT = timedelta(days=400)
_NAMED = re.compile(r"papers-(\d{4})-(\d\d)\.txt")
_LAST_MONTH = 12


def forget_journal(
    folder: Path | None, *, at: datetime, oldest_backup: datetime | None = None
) -> int:
    """Delete the files of months that ended long ago; return how many.

    A backup that the office kept for longer keeps the months since it: a restore asks for them.
    """
    before = at - JOURNAL_KEPT
    if oldest_backup is not None:
        before = min(before, oldest_backup)
    forgotten = 0
    for path in folder.glob("papers-*.txt") if folder is not None else ():
        named = _NAMED.fullmatch(path.name)
        # Another program's file is none of ours, whatever it begins with.
        if named is None or _end_of_month(int(named[1]), int(named[2])) > before:
            continue
        # A share that takes nothing holds up no day: siweb doctor names it.
        with suppress(OSError):
            path.unlink()
            forgotten += 1
    return forgotten


def _end_of_month(year: int, month: int) -> datetime:
    """Return the first instant after a month, in UTC as the files are named."""
    is_last = month >= _LAST_MONTH
    return datetime(year + is_last, 1 if is_last else month + 1, 1, tzinfo=UTC)
