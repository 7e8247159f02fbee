"""What a round of visits found, and whether it keeps the bars."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

# What issue and users ask for: milliseconds of all but one read in a hundred, and of every writer.
READ_P99, WRITER_WAITS = 500, 2_000
BUSY = 503
_HEADS = f"{'':26} requests a second  p50 ms  p99 ms  longest  503  errors"


class Asked(NamedTuple):
    """One request: when it was sent, how long it took in milliseconds, and what came of it."""

    name: str
    is_write: bool
    at: float
    ms: float
    status: int
    failed: str


class Round(NamedTuple):
    """Requests of one kind in a round; times in milliseconds."""

    name: str
    requests: int
    rate: float
    p50: int
    p99: int
    longest: int
    busy: int
    errors: int


def read_found(file: Path) -> list[Asked]:
    """Return what the visitors wrote down."""
    return [Asked(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def rounds(found: Sequence[Asked]) -> list[Round]:
    """Return reads and writes together, then each kind of request."""
    seconds = max(one.at for one in found) - min(one.at for one in found)
    groups: dict[str, list[Asked]] = {"reads": [], "writes": []}
    for one in found:
        groups["writes" if one.is_write else "reads"].append(one)
    for one in sorted(found, key=lambda each: each.name):
        groups.setdefault(one.name, []).append(one)
    return [_round(name, asked, seconds) for name, asked in groups.items() if asked]


def missed(found: Iterable[Round]) -> list[str]:
    """Return which bars a round misses, in words."""
    by_name = {one.name: one for one in found}
    reads, writes = by_name["reads"], by_name["writes"]
    faults = []
    if reads.errors or reads.busy:
        faults.append(f"{reads.errors + reads.busy} reads failed")
    if reads.p99 > READ_P99:
        faults.append(f"p99 of reads is {reads.p99} ms, where {READ_P99} are allowed")
    if writes.busy:
        faults.append(f"{writes.busy} writers were sent away (503)")
    if writes.errors:
        faults.append(f"{writes.errors} writes failed")
    if writes.longest > WRITER_WAITS:
        faults.append(f"a writer waited {writes.longest} ms, where {WRITER_WAITS} are allowed")
    return faults


def failures(found: Iterable[Asked]) -> list[str]:
    """Return what failed, by what was asked and how often."""
    counts = Counter((one.name, one.failed) for one in found if one.failed)
    return [f"{name}: {failed} ({count} times)" for (name, failed), count in counts.most_common()]


def table(title: str, found: Iterable[Round]) -> str:
    """Return a round as a table."""
    lines = [
        title,
        _HEADS,
    ]
    lines += [
        f"{one.name:26}{one.requests:>9,}{one.rate:>9.1f}{one.p50:>8,}{one.p99:>8,}"
        f"{one.longest:>9,}{one.busy:>5}{one.errors:>8}"
        for one in found
    ]
    return "\n".join(lines)


def _round(name: str, asked: Sequence[Asked], seconds: float) -> Round:
    times = sorted(one.ms for one in asked)
    busy = sum(one.status == BUSY for one in asked)
    return Round(
        name,
        len(asked),
        len(asked) / max(seconds, 1),
        round(times[len(times) // 2]),
        # The last of a hundred, never a time that nobody had.
        round(times[min(len(times) * 99 // 100, len(times) - 1)]),
        round(times[-1]),
        busy,
        sum(bool(one.failed) for one in asked) - busy,
    )
