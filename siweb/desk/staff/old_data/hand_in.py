"""Try a file of rows that was sent with a form, and send it to be checked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from siweb.auth.access import scope
from siweb.bring_in.actions import ACTIONS, BringInKind, propose_file, try_file
from siweb.bring_in.import_file import Outcome
from siweb.bring_in.labels import file_text
from siweb.desk.checking.send import attach_to_task, doing_now
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import WaitingTask, waiting_tasks
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.rules.parameters.pack_set import PackSet
from siweb.tasks.find import open_tasks_of_kind
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out

MOST_ROWS = 20_000
"""Rows of a file that a page takes: longer ones hold a thread too long, the command takes them."""


def waiting_files(kind: BringInKind) -> list[WaitingTask]:
    """Return which files of a kind wait for a second person where the visitor acts."""
    action = ACTIONS[kind.name]
    return waiting_tasks(open_tasks_of_kind(db_session(), action.kind, within=scope()))


@contextmanager
def uploaded(form: Any) -> Iterator[Path]:
    """Give a file as it was sent, in a place of its own while the block lasts."""
    with NamedTemporaryFile(prefix="siweb-", suffix=".file") as clear:
        form.file.data.save(clear)
        # It is opened anew by its path: nothing of it may still lie in a buffer.
        clear.flush()
        yield Path(clear.name)


def tried(
    form: Any, kind: BringInKind, file: Path, controls: Mapping[str, int], packs: PackSet
) -> Outcome | None:
    """Return what a file comes to, with its problems; nothing of it stays.

    None when it cannot be read at all, which stands beside its field then.
    """
    session = db_session()
    try:
        return try_file(session, kind, file, form.region.data, controls, doing_now(packs))
    except SheetRefused as refused:
        form.file.errors = [file_text(refused)]
        return None


def sent(
    form: Any,
    kind: BringInKind,
    file: Path,
    outcome: Outcome | None,
    controls: Mapping[str, int],
    packs: PackSet,
) -> bool:
    """Send a file to be checked; False where it has problems, is only looked at, or is refused."""
    if outcome is None or outcome.problem_count or form.dry_run.data:
        return False
    # A sender may name folders as well.
    named = Path(form.file.data.filename or "list").name

    def send() -> None:
        task = propose_file(
            db_session(),
            kind,
            file,
            form.region.data,
            controls,
            outcome,
            form.because.data,
            doing_now(packs),
            file_name=named,
        )
        attach_to_task(task, form.scans.data)

    return carried_out(form, send, lambda refused: why(refused, ACTIONS[kind.name]))
