"""Which backups of a folder stay: of each day, week and month the newest, so many of each."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from siweb.settings import Settings

_NAMED = re.compile(r"siweb-(\d{8}T\d{6})Z\.zip(\.age)?")


@dataclass(frozen=True, slots=True)
class Kept:
    """How many days, weeks and months keep their newest backup."""

    days: int
    weeks: int
    months: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the rule in a text such as '7,5,12'.

        :raises ValueError: when it is none; the newest backup is never removed.
        """
        days, weeks, months = (int(part) for part in text.split(","))
        if min(days, weeks, months) < 0 or days == 0:
            raise ValueError(text)
        return cls(days, weeks, months)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in a folder, by the instant in its name."""

    path: Path
    made_at: datetime

    def age(self, at: datetime) -> timedelta:
        """Return how long ago it was made."""
        return at - self.made_at


def backup_folder(settings: Settings) -> Path:
    """Return where backups lie."""
    return Path(settings.backup_dir) if settings.backup_dir else settings.var_dir / "backups"


def backups_in(folder: Path) -> list[Backup]:
    """Return the backups of a folder, the newest first; other files are none of ours."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if named := _NAMED.fullmatch(path.name):
            made_at = datetime.strptime(named[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            found.append(Backup(path, made_at))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def beyond(backups: Iterable[Backup], kept: Kept) -> list[Backup]:
    """Return the backups that no rule keeps. `backups` come the newest first."""
    newest_first = list(backups)
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        # Days of UTC, as in the names:
        # one of before 8 in the morning in China belongs to the day before.
        (kept.days, lambda at: at.date()),
        (kept.weeks, lambda at: at.isocalendar()[:2]),
        (kept.months, lambda at: (at.year, at.month)),
    )
    stay: set[Path] = set()
    for most, span_of in rules:
        spans: dict[object, Path] = {}
        for backup in newest_first:
            # The newest come first, so that the first one met is the newest of its span.
            spans.setdefault(span_of(backup.made_at), backup.path)
        stay.update(list(spans.values())[:most])
    return [backup for backup in newest_first if backup.path not in stay]
