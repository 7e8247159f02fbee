"""The end of the chain as a code that people note elsewhere: what it covers cannot be taken back.

Whoever holds the database and the key can make a chain anew; the head that lies elsewhere tells.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.chain.link import ActivityLink
from siweb.db.reference_code import ALPHABET, grouped, normalise

# 113 bits of the hash: nobody finds another chain with the same.
_LETTERS = 25


@dataclass(frozen=True, slots=True)
class Head:
    """The link at a position, as it was noted."""

    position: int
    letters: str
    # What stands before the code where it was noted: its day.
    noted: str = ""

    def __str__(self) -> str:
        return f"{self.position}-{grouped(self.letters)}"

    @classmethod
    def read(cls, noted: str) -> Self:
        """Return the head in a line, or in a code that somebody typed.

        :raises ValueError: when it is none.
        """
        before, _space, code = noted.strip().rpartition(" ")
        position, _hyphen, letters = code.partition("-")
        letters = normalise(letters)
        if len(letters) != _LETTERS or set(letters) - set(ALPHABET) or not position.isdecimal():
            raise ValueError(noted)
        return cls(int(position), letters, before.strip())


def current_head(session: Session) -> Head | None:
    """Return the head of the chain, None before its first link."""
    last = session.execute(
        select(ActivityLink.position, ActivityLink.link_hash)
        .order_by(ActivityLink.position.desc())
        .limit(1)
    ).first()
    return Head(last.position, _letters(last.link_hash)) if last else None


def unlike_heads(session: Session, heads: list[Head]) -> list[str]:
    """Return a sentence for each head that the chain does not have, or not as it was noted."""
    end = current_head(session)
    found = []
    for head in heads:
        of_day = f"activity: the head {head}" + (f" noted on {head.noted}" if head.noted else "")
        link_hash = session.scalar(
            select(ActivityLink.link_hash).where(ActivityLink.position == head.position)
        )
        if end is None:
            found.append(f"{of_day} is not there: the log is empty")
        elif link_hash is None:
            found.append(f"{of_day} is not there: the log ends at {end.position}")
        elif _letters(link_hash) != head.letters:
            found.append(f"{of_day} is another now: the log was made anew")
    return found


def note_head(head: Head, day: str, file: Path) -> None:
    """Add the head of a day to the file that the office notes them in.

    :raises OSError: when it cannot be written.
    """
    with file.open("a", encoding="ascii") as noted:
        noted.write(f"{day} {head}\n")


def noted_heads(file: Path) -> list[Head]:
    """Return the heads that were noted in a file.

    :raises ValueError: with the line that is none.
    :raises OSError: when it cannot be read.
    """
    lines = file.read_text("ascii", errors="replace").splitlines()
    return [Head.read(line) for line in lines if line.strip()]


def _letters(link_hash: bytes) -> str:
    number, letters = int.from_bytes(link_hash), ""
    for _letter in range(_LETTERS):
        number, rest = divmod(number, len(ALPHABET))
        letters += ALPHABET[rest]
    return letters
