"""All that the ledger promises in one table: what binds, what is hoped for, what this run found.

Each line comes from a command of its own, in a process of its own: none is warmed up by another,
and a peak of memory is that of the work measured.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

from siweb.bench.databases import throwaway_database

_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Bar(NamedTuple):
    """A line of the table; where `at_most`, less is better. None binds nobody: it is told only."""

    work: str
    unit: str
    binding: float | None
    hoped: float | None
    measured: float
    at_most: bool = False

    @property
    def is_reached(self) -> bool:
        """Return whether what binds was reached."""
        if self.binding is None:
            return True
        if self.at_most:
            return self.measured <= self.binding
        return self.measured >= self.binding

    def __str__(self) -> str:
        least, most, found = (
            "" if value is None else f"{value:,.{2 if value < 10 else 0}f}"
            for value in (self.binding, self.hoped, self.measured)
        )
        word = "reached" if self.is_reached else "missed"
        if self.binding is None:
            word = "no bar"
        return f"{self.work:<58}{self.unit:<10}{least:>9}{most:>9}{found:>10}  {word}"


HEADING = f"{'work':<58}{'unit':<10}{'binding':>9}{'hoped':>9}{'measured':>10}"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured; `server` is a PostgreSQL server's address, None leaves it out."""

    people: int
    months: int
    check_people: int
    rows: int
    page_people: int
    seconds: float
    server: str | None


class BenchFailed(Exception):
    """A command that measures ended with a fault; the message is what it said."""


def measure_all(sizes: Sizes) -> Iterator[Bar]:
    """Yield a line of the table as soon as it was measured."""
    for database in ("sqlite", "postgresql")[: 1 if sizes.server is None else 2]:
        yield from _levy(sizes, database)
        yield from _check(sizes, database)
    if sizes.server is not None:
        yield from _filings(sizes)
        yield from _activity(sizes, "postgresql")
    yield from _activity(sizes, "sqlite")
    yield from _pages(sizes)
    yield from _papers(sizes)


def _levy(sizes: Sizes, database: str) -> Iterator[Bar]:
    found = _bench(
        sizes, database, "levy", "--people", str(sizes.people), "--months", str(sizes.months)
    )
    name = f"{_NAMES[database]}, {sizes.people:,} people"
    least = 20 if database == "sqlite" else 25
    yield Bar(f"levy beside its rows in a heap, {name}", "%", least, 35, found["share"] * 100)
    if sizes.months > 1:
        work = f"month {sizes.months} beside the first, {name}"
        yield Bar(work, "of it", 0.95, 0.98, found["last_beside_first"])
    if found["bytes_a_record"] is not None:
        # PostgreSQL's rows and index entries have heads of 24 and 8 bytes: no bar was set for it.
        bars: tuple[float | None, float | None] = (80, 60)
        if database != "sqlite":
            bars = (None, None)
        work = f"a record with its keys, {name}"
        yield Bar(work, "bytes", *bars, found["bytes_a_record"], True)
    if database == "sqlite":
        yield Bar(f"memory of the levy, {name}", "MB", 200, 150, found["peak_megabytes"], True)


def _check(sizes: Sizes, database: str) -> Iterator[Bar]:
    found = _bench(sizes, database, "check", "--people", str(sizes.check_people))
    for key, how in (("scans", "with"), ("bare_scans", "without")):
        work = f"siweb check {how} statistics, {_NAMES[database]}, {sizes.check_people:,} people"
        yield Bar(work, "scans", 6, 3, found[key], True)


def _filings(sizes: Sizes) -> Iterator[Bar]:
    words = ("filings", "--rows", str(sizes.rows))
    hoped = _bench(sizes, "sqlite", *words)["applied_a_second"]
    found = _bench(sizes, "postgresql", *words)["applied_a_second"]
    work = f"list of {sizes.rows:,} applied, PostgreSQL (hoped: SQLite)"
    yield Bar(work, "rows/s", 20_000, hoped, found)


def _activity(sizes: Sizes, database: str) -> Iterator[Bar]:
    found = _bench(sizes, database, "activity", "--seconds", str(sizes.seconds))
    work = f"activity, {found['writers']} writers beside one, {_NAMES[database]}"
    # SQLite has one writer, whatever it writes.
    least, most = (6, 7.5) if database == "postgresql" else (None, None)
    yield Bar(work, "times", least, most, found["ratio"])


def _pages(sizes: Sizes) -> Iterator[Bar]:
    words = ("--people", str(sizes.page_people), "--seconds", str(sizes.seconds))
    found = _bench(sizes, "sqlite", "pages", *words)
    _bare, record, step = (each["share_of_bare"] * 100 for each in found["every_core"])
    yield Bar("record page (30 years) beside bare Flask, every core", "%", 16, 24, record)
    yield Bar("wizard step beside bare Flask, every core", "%", 8, 12, step)


def _papers(sizes: Sizes) -> Iterator[Bar]:
    found = _bench(sizes, "sqlite", "papers")
    work = f"papers in {found['processes']} processes, three kinds in both languages"
    yield Bar(work, "papers/s", 40, 60, found["rate"])
    yield Bar("the largest of these papers", "KB", 60, 40, found["largest_bytes"] / 1024, True)


def _bench(sizes: Sizes, database: str, *words: str) -> dict[str, Any]:
    """Run a command as a user does and return what it found."""
    with ExitStack() as stack:
        place: tuple[str, ...] = ()
        if database == "postgresql" and sizes.server is not None:
            place = ("--url", stack.enter_context(throwaway_database(sizes.server)))
        command = [sys.executable, "-m", "siweb", "bench", *words, *place, "--json"]
        ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        raise BenchFailed(f"siweb bench {' '.join(words)} ended with {ended.returncode}")
    found: dict[str, Any] = json.loads(ended.stdout)
    return found
