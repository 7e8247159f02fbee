"""Note each paper that was issued, by its public number, once the database has it for good.

A backup is hours old; a paper that was shown since then is in somebody's hands, and a restored
office would not know it. The journal holds no name: whoever reads it learns how many papers there
were, of which kind and region, and nothing of whom.
"""

import fcntl
import logging
import os
from collections import defaultdict
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from siweb.documents.proof.journal.line import JournalLine, file_of
from siweb.documents.tables.document import Document

_WAITING = "papers_to_note"
_OWNER_ONLY = 0o600
_logger = logging.getLogger("siweb")


class Journal:
    """The folder that this process notes papers in; none where the office names no folder."""

    folder: Path | None = None


def hold_journal(folder: Path | None) -> None:
    """Let this process note the papers that it issues in a folder."""
    Journal.folder = folder


def note_issued(session: Session, document: Document) -> None:
    """Let a paper be noted when its transaction is committed, and not when it is taken back."""
    if Journal.folder is None:
        return
    line = JournalLine(
        document.issued_at, document.kind.value, document.region_code, document.reference
    )
    at = session.get_nested_transaction() or session.get_transaction()
    session.info.setdefault(_WAITING, []).append((at, line))


@event.listens_for(Session, "after_commit")
def _write(session: Session) -> None:
    waiting = session.info.get(_WAITING)
    if not waiting:
        return
    # A savepoint that is released is no commit: what was issued in it is its parent's from now on.
    if (nested := session.get_nested_transaction()) is not None:
        session.info[_WAITING] = [
            (nested.parent if at is nested else at, line) for at, line in waiting
        ]
        return
    del session.info[_WAITING]
    # After the commit, so that nothing is noted that nobody was shown, and before the answer, so
    # that nothing is shown that is not noted.
    if Journal.folder is not None:
        try:
            append(Journal.folder, [line for _at, line in waiting])
        except OSError:
            # The paper is issued, and its holder gets it: siweb doctor names the folder.
            _logger.exception("papers were not noted in the journal")


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    if waiting := session.info.get(_WAITING):
        # What an action is tried with goes back to its savepoint, and its papers with it.
        session.info[_WAITING] = [(at, line) for at, line in waiting if at is not previous]


@event.listens_for(Session, "after_transaction_end")
def _end(session: Session, transaction: SessionTransaction) -> None:
    # A session that is closed without a commit is used again: nothing may wait in it.
    if transaction.parent is None:
        session.info.pop(_WAITING, None)


def append(folder: Path, lines: list[JournalLine]) -> None:
    """Add lines at the end of their months' files, and wait for the disk.

    :raises OSError: when the folder is not there or takes nothing.
    """
    by_file: dict[str, list[JournalLine]] = defaultdict(list)
    for line in lines:
        by_file[file_of(line.issued_at)].append(line)
    for name, of_file in by_file.items():
        handle = os.open(folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            # Several processes write, on a share from several machines: whole lines, each by one.
            fcntl.flock(file, fcntl.LOCK_EX)
            file.writelines(f"{line}\n" for line in of_file)
            file.flush()
            os.fsync(file.fileno())
