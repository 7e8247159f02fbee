"""`python -m tests.mutation`: sample changes of the rooms' code and name those no test notices.

First the suite runs once with coverage (`make coverage`), which keeps for each line the tests that
reach it. Then each sampled change is made in a fork of a loaded process (`forked.py`), or where code
runs as it is imported, in a copy of the checkout; the tests that reach its line run until one
fails. A line that no test reaches counts as a change that nobody noticed.
"""

import ast
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
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
# Tests on PostgreSQL whose twin on SQLite runs as well: they start slowly, and seldom say more.
MOST_TWINS = 10
# A change that runs without end counts as noticed, so the limit is far above what so many tests take.
SECONDS = 480
UNREACHED = "no test reaches"
_RAN = ("|run", "|setup")
# What they are given takes minutes to make: a browser, or a walk through the whole office.
SLOW = ("tests/browser", "tests/pages/test_pages.py", "tests/pages/test_growth.py")


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
            # What a test is given is made by the code as well: it is reached as it is set up.
            sorted({name.rpartition("|")[0] for name in contexts if name.endswith(_RAN)}),
            "" in contexts,
        )
        for line, contexts in data.contexts_by_lineno(measured).items()
    }
    every = sorted({name for reached in found.values() for name in reached.tests})
    return {line: each if each.tests else Reached(every, True) for line, each in found.items()}


def reached_at(path: str, line: int, lines: dict[int, Reached]) -> Reached:
    """Return what reaches a line, or the nearest above it in its statement.

    Some lines of a longer statement have nothing to run of their own: a bracket, a constant.
    """
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    begins = [
        each.lineno
        for each in ast.walk(tree)
        if isinstance(each, ast.stmt) and each.lineno <= line <= (each.end_lineno or 0)
    ]
    above = range(line, max(begins, default=line) - 1, -1)
    return next((lines[each] for each in above if each in lines), Reached([], False))


def breadths(coverage: Path) -> dict[str, int]:
    """How many of the office's files each test reaches: the fewer, the cheaper and the nearer.

    Asked by SQL, in seconds: coverage documents its tables, and has no question for this.
    """
    with closing(sqlite3.connect(coverage)) as data:
        found = data.execute(
            "SELECT context.context, count(DISTINCT arc.file_id) FROM arc"
            " JOIN context ON context.id = arc.context_id GROUP BY context.id"
        ).fetchall()
    return {name.removesuffix("|run"): files for name, files in found if name.endswith("|run")}


def chosen(tests: list[str], path: str, change: Change, breadth: dict[str, int]) -> tuple[str, ...]:
    """At most so many tests as run in time, the cheapest first.

    Those of the same folder are about the changed code; of the others, which only pass by it, some
    are drawn, for one of them may be the page that shows what is wrong.
    """
    quick = [name for name in tests if not name.startswith(SLOW)]
    twins = [
        name
        for name in quick
        if "postgresql" in name and name.replace("postgresql", "sqlite") in quick
    ]
    drawn = random.Random(change.start).sample(quick, len(quick))
    parts = path.split("/")[1:-1]

    def shared(name: str) -> int:
        folders = name.split("::", maxsplit=1)[0].split("/")[1:-1]
        return next(
            (
                place
                for place, (one, other) in enumerate(zip(parts, folders, strict=False))
                if one != other
            ),
            min(len(parts), len(folders)),
        )

    alone = sorted((name for name in drawn if name not in twins), key=lambda name: -shared(name))
    near = [name for name in alone if shared(name)][: MOST_TESTS * 2 // 3]
    others = [name for name in alone if name not in near][: MOST_TESTS - len(near)]
    second = sorted((name for name in drawn if name in twins), key=lambda name: -shared(name))
    picked = [*near, *others, *second[:MOST_TWINS]]
    by_file = defaultdict[str, list[int]](list)
    for name in picked:
        by_file[name.split("::", maxsplit=1)[0]].append(breadth.get(name, 0))

    def cheapest_first(name: str) -> tuple[bool, int, str, int]:
        # Tests of a file together: they share what was made for it.
        file = name.split("::", maxsplit=1)[0]
        return name in twins, min(by_file[file]), file, breadth.get(name, 0)

    return tuple(sorted(picked, key=cheapest_first))


def sample(number: int, seed: int, rooms: tuple[str, ...], data: CoverageData) -> list[Sampled]:
    """The same changes for the same seed and code, spread evenly over the rooms.

    The rooms come in turn: a draw that is stopped has said as much of one as of another.
    """
    drawn = []
    for room in rooms:
        every = changes_of(room)
        picked = random.Random(f"{seed} {room}").sample(every, min(number, len(every)))
        drawn += [(place, room, *each) for place, each in enumerate(picked)]
    drawn.sort(key=lambda each: each[0])
    return with_tests([each[1:] for each in drawn], data)


def again(told: Path, data: CoverageData) -> list[Sampled]:
    """The changes that an earlier draw named, as it named them, of the code as it is now."""
    found = []
    for line in told.read_text("utf-8").splitlines():
        named = re.search(r"(siweb/(\w+)/\S+):(\d+) (.+?)(?: \(\d+ tests\))?$", line)
        if named is None:
            continue
        path, room, number, about = named.groups()
        found += [
            (room, path, change)
            for change in Changes((ROOT / path).read_text("utf-8")).all()
            if change.line == int(number) and change.about == about
        ]
    return with_tests(found, data)


def with_tests(drawn: list[tuple[str, str, Change]], data: CoverageData) -> list[Sampled]:
    breadth = breadths(Path(data.data_filename()))
    lines = {path: reached_by_line(path, data) for path in {path for _, path, _ in drawn}}
    found = []
    for room, path, change in drawn:
        reached = reached_at(path, change.line, lines[path])
        tests = chosen(reached.tests, path, change, breadth)
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
        runs = [Forked(part, Path(folder) / str(place)) for place, part in enumerate(parts) if part]
        while runs:
            time.sleep(1)
            for run in runs[:]:
                ended = run.has_ended()
                for each, outcome in run.told():
                    if outcome == NOT_PUT_IN or (outcome == SURVIVED and each.runs_at_import):
                        left.append(each)
                    else:
                        yield each, outcome
                if ended:
                    runs.remove(run)
        yield from zip(left, pool.map(outcome_of, left), strict=True)


class Forked:
    """Changes that run one after another in forks of one process."""

    def __init__(self, part: list[Sampled], plan: Path) -> None:
        self._part = part
        self._told = Path(f"{plan}{OUTCOMES}")
        self._read = 0
        lines = []
        for number, each in enumerate(part):
            source = each.change.apply((ROOT / each.path).read_text("utf-8"))
            lines.append(
                {"number": number, "path": each.path, "source": source, "tests": list(each.tests)}
            )
        plan.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
        named = {name.split("::", maxsplit=1)[0] for each in part for name in each.tests}
        # A file may have been moved since the suite ran with coverage.
        files = sorted(name for name in named if (ROOT / name).exists())
        command = [
            sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:randomly",
            "-p", "no:cacheprovider", "-p", "tests.mutation.forked", *files,
        ]  # fmt: skip
        environment = os.environ | {PLAN: str(plan), "PYTHONPATH": str(ROOT)}
        self._says = Path(f"{plan}.log")
        with self._says.open("wb") as says:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=says, stderr=says
            )

    def has_ended(self) -> bool:
        if self._process.poll() is None:
            return False
        if not self._told.exists():
            raise click.ClickException(self._says.read_text("utf-8", "replace"))
        return True

    def told(self) -> Iterator[tuple[Sampled, str]]:
        """Yield what became known since this was asked last."""
        lines = self._told.read_text("utf-8").splitlines() if self._told.exists() else []
        for line in lines[self._read :]:
            number, outcome = json.loads(line)
            yield self._part[number], outcome
        self._read = len(lines)


@click.command()
@click.argument("rooms", nargs=-1)
@click.option("--number", default=40, help="How many changes of each room.")
@click.option("--seed", default=1)
@click.option("--processes", default=2)
@click.option(
    "--again",
    "told",
    type=click.Path(exists=True, path_type=Path),
    help="Make the changes that are named in this file, as a draw prints them, and no others.",
)
def main(rooms: tuple[str, ...], number: int, seed: int, processes: int, told: Path | None) -> None:
    """Sample changes of ROOMS (all when none is named), and list those that no test noticed."""
    data = CoverageData(str(ROOT / ".coverage"))
    try:
        data.read()
    except sqlite3.Error as error:
        raise click.ClickException("Run `make coverage` first.") from error
    sampled = again(told, data) if told else sample(number, seed, rooms or ROOMS, data)
    survived = []
    for each, outcome in outcomes_of(sampled, processes):
        about = f"{each.path}:{each.change.line} {each.change.about} ({len(each.tests)} tests)"
        click.echo(f"{outcome}: {about}")
        # Whoever watches a long draw through a pipe reads along.
        sys.stdout.flush()
        if outcome in {SURVIVED, UNREACHED}:
            survived.append(each)
    by_room = Counter(each.room for each in sampled)
    left = Counter(each.room for each in survived)
    for room, whole in sorted(by_room.items()):
        click.echo(f"{room}: {whole - left[room]} of {whole} noticed")
    click.echo(f"{len(sampled) - len(survived)} of {len(sampled)} noticed")


main()
