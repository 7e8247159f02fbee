"""Which papers of the journal the database lacks: after a restore, those given out since."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.documents.proof.journal.line import JournalLine
from siweb.documents.tables.document import Document

# So many papers are asked for in a statement: memory stays flat over years of them.
_ASKED = 1_000


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is no paper's: one that was cut off, or written by somebody else."""

    file: str
    number: int


def missing_papers(session: Session, folder: Path) -> Iterator[JournalLine | Unread]:
    """Yield the papers that were noted and are not in the database, in the order of the journal.

    :raises OSError: when the folder cannot be read.
    """
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    for path in sorted(folder.glob("papers-*.txt")):
        asked: list[JournalLine] = []
        with path.open(encoding="ascii", errors="replace") as file:
            for number, text in enumerate(file, 1):
                try:
                    asked.append(JournalLine.read(text))
                except ValueError:
                    yield Unread(path.name, number)
                if len(asked) == _ASKED:
                    yield from _not_there(session, asked)
                    asked.clear()
        yield from _not_there(session, asked)


def _not_there(session: Session, asked: list[JournalLine]) -> Iterator[JournalLine]:
    references = [line.reference for line in asked]
    there = set(
        session.scalars(select(Document.reference).where(among(Document.reference, references)))
    )
    # A line may stand twice: a machine that lost its answer from the share wrote it again.
    yield from (line for line in dict.fromkeys(asked) if line.reference not in there)
