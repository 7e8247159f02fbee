"""A line of the journal: when, what kind, where, and the public number of the paper."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from siweb.settings import Settings

_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ([a-z_]+) (\d{6}) ([0-9A-Z]{8,24})")
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One paper that was given out."""

    issued_at: datetime
    kind: str
    region_code: str
    reference: str

    def __str__(self) -> str:
        at = self.issued_at.astimezone(UTC)
        return f"{at:{_INSTANT}} {self.kind} {self.region_code} {self.reference}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the paper of a line.

        :raises ValueError: when it is none, such as one that the end of a machine cut off.
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise ValueError(text)
        at = datetime.strptime(found[1], _INSTANT).replace(tzinfo=UTC)
        return cls(at, found[2], found[3], found[4])


def file_of(at: datetime) -> str:
    """Return the name of the file of an instant's month: old ones may be put away by the office."""
    return f"papers-{at.astimezone(UTC):%Y-%m}.txt"


def journal_folder(settings: Settings) -> Path | None:
    """Return where the journal lies; None where the office keeps none."""
    return Path(settings.papers_dir) if settings.papers_dir else None
