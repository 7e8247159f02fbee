"""`python -m tests.mutation`: sample changes of the rooms' code and name those no test notices.

First the suite runs once with coverage (`make coverage`), which keeps for each line the tests that
reach it. Then each sampled change is made in a fork of a loaded process (`forked.py`), or where code
runs as it is imported, in a copy of the checkout; the tests that reach its line run until one
fails. A line that no test reaches counts as a change that nobody noticed.
"""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import click
from coverage import CoverageData

from tests.mutation.changes import Change, Changes
from tests.mutation.forked import ENDLESS, NOT_PUT_IN, NOTICED, OUTCOMES, PLAN, SURVIVED

ROOT = Path(__file__).parents[2]
ROOMS = ("collection", "ledgers", "filings", "reviews", "auth")
COPIED = ("siweb", "tests", "templates", "static", "docs", "pyproject.toml", "wsgi.py", "README.md")
MOST_TESTS = 150
# A change that runs without end counts as noticed, so the limit is far above what so many tests take.
SECONDS = 480
UNREACHED = "no test reaches"


@dataclass(frozen=True)
class Sampled:
    room: str
    path: str
    change: Change
    tests: tuple[str, ...]
    # What a module makes of it as it is imported is done before any fork.
    runs_at_import: bool = False


def changes_of(room: str) -> list[tuple[str, Change]]:
    """Every change of a room's functions; labels and column names are not code that decides.

    A room is a folder below siweb, as `filings` or `collection/levy`.
    """
    paths = sorted((ROOT / "siweb" / room).rglob("*.py"))
    return [
        (path.relative_to(ROOT).as_posix(), change)
        for path in paths
        if path.name not in {"labels.py", "__init__.py"} and path.parent.name != "tables"
        for change in Changes(path.read_text("utf-8")).all()
    ]


class Reached(NamedTuple):
    """The tests that reach a line, as pytest names them, and whether it runs at import as well.

    A line that runs only as its file is imported is reached by whatever test runs the file.
    """

    tests: list[str]
    at_import: bool


def reached_by_line(path: str, data: CoverageData) -> dict[int, Reached]:
    """Return for each line of a file what reaches it."""
    measured = next((name for name in data.measured_files() if name.endswith("/" + path)), None)
    if measured is None:
        return {}
    found = {
        line: Reached(
            sorted({name.rpartition("|")[0] for name in contexts if "|run" in name}),
            "" in contexts,
        )
        for line, contexts in data.contexts_by_lineno(measured).items()
    }
    every = sorted({name for reached in found.values() for name in reached.tests})
    return {line: each if each.tests else Reached(every, True) for line, each in found.items()}


def chosen(tests: list[str], path: str, change: Change) -> tuple[str, ...]:
    """At most so many tests as run in time: on SQLite before PostgreSQL, since they start at once.

    Those of the same folder come first: they are about the changed code, others only pass by it.
    """
    quick = [name for name in tests if not name.startswith("tests/browser")]
    drawn = random.Random(change.start).sample(quick, len(quick))
    parts = path.split("/")[1:-1]

    def order(name: str) -> tuple[bool, int]:
        folders = name.split("::", maxsplit=1)[0].split("/")[1:-1]
        shared = next(
            (
                place
                for place, (one, other) in enumerate(zip(parts, folders, strict=False))
                if one != other
            ),
            min(len(parts), len(folders)),
        )
        return "postgresql" in name, -shared

    return tuple(sorted(drawn, key=order)[:MOST_TESTS])


def sample(number: int, seed: int, rooms: tuple[str, ...], data: CoverageData) -> list[Sampled]:
    """The same changes for the same seed and code, spread evenly over the rooms."""
    found = []
    for room in rooms:
        every = changes_of(room)
        drawn = random.Random(f"{seed} {room}").sample(every, min(number, len(every)))
        for path, change in drawn:
            reached = reached_by_line(path, data).get(change.line, Reached([], False))
            tests = chosen(reached.tests, path, change)
            found.append(Sampled(room, path, change, tests, reached.at_import))
    return found


def outcome_of(sampled: Sampled) -> str:
    """Make the change in a copy and tell whether a test fails by it, or runs without end."""
    if not sampled.tests:
        return UNREACHED
    with tempfile.TemporaryDirectory() as folder:
        for name in COPIED:
            source, copy = ROOT / name, Path(folder) / name
            if name == "siweb":
                shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                copy.symlink_to(source)
        file = Path(folder) / sampled.path
        file.write_text(sampled.change.apply(file.read_text("utf-8")), "utf-8")
        environment = os.environ | {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [
            sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:randomly",
            "-p", "no:cacheprovider", *sampled.tests,
        ]  # fmt: skip
        try:
            ended = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS,
                check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return ENDLESS
        return SURVIVED if ended.returncode == 0 else NOTICED


def outcomes_of(sampled: list[Sampled], processes: int) -> Iterator[tuple[Sampled, str]]:
    """Yield the outcome of each, as soon as it is known."""
    reached = [each for each in sampled if each.tests]
    yield from ((each, UNREACHED) for each in sampled if not each.tests)
    left = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(processes) as pool:
        parts = [reached[first::processes] for first in range(processes)]
        runs = [
            pool.submit(run_forked, part, Path(folder) / str(place))
            for place, part in enumerate(parts)
            if part
        ]
        for run in runs:
            for each, outcome in run.result():
                if outcome == NOT_PUT_IN or (outcome == SURVIVED and each.runs_at_import):
                    left.append(each)
                else:
                    yield each, outcome
        yield from zip(left, pool.map(outcome_of, left), strict=True)


def run_forked(part: list[Sampled], plan: Path) -> list[tuple[Sampled, str]]:
    """Run changes one after another in forks of one process."""
    lines = []
    for number, each in enumerate(part):
        source = each.change.apply((ROOT / each.path).read_text("utf-8"))
        lines.append(
            {"number": number, "path": each.path, "source": source, "tests": list(each.tests)}
        )
    plan.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    files = sorted({name.split("::", maxsplit=1)[0] for each in part for name in each.tests})
    command = [
        sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:randomly",
        "-p", "no:cacheprovider", "-p", "tests.mutation.forked", *files,
    ]  # fmt: skip
    environment = os.environ | {PLAN: str(plan), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    told = Path(f"{plan}{OUTCOMES}")
    if not told.exists():
        raise click.ClickException(ran.stdout.decode() + ran.stderr.decode())
    outcomes = dict(json.loads(line) for line in told.read_text("utf-8").splitlines())
    return [(each, outcomes.get(number, NOT_PUT_IN)) for number, each in enumerate(part)]


@click.command()
@click.argument("rooms", nargs=-1)
@click.option("--number", default=40, help="How many changes of each room.")
@click.option("--seed", default=1)
@click.option("--processes", default=2)
def main(rooms: tuple[str, ...], number: int, seed: int, processes: int) -> None:
    """Sample changes of ROOMS (all when none is named), and list those that no test noticed."""
    data = CoverageData(str(ROOT / ".coverage"))
    try:
        data.read()
    except sqlite3.Error as error:
        raise click.ClickException("Run `make coverage` first.") from error
    sampled = sample(number, seed, rooms or ROOMS, data)
    survived = []
    for each, outcome in outcomes_of(sampled, processes):
        click.echo(f"{outcome}: {each.path}:{each.change.line} {each.change.about}")
        if outcome in {SURVIVED, UNREACHED}:
            survived.append(each)
    by_room = Counter(each.room for each in sampled)
    left = Counter(each.room for each in survived)
    for room, whole in sorted(by_room.items()):
        click.echo(f"{room}: {whole - left[room]} of {whole} noticed")
    click.echo(f"{len(sampled) - len(survived)} of {len(sampled)} noticed")


main()
