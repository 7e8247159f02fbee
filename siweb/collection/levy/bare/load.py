"""Load a batch of people into a month's bare table: in two halves at once.

Each half is committed by itself. It counts when the batch is: who goes on after a kill takes away
what was not counted.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Table, text
from sqlalchemy.orm import Session

from siweb.collection.levy.bare.month import apart
from siweb.collection.levy.bare.records import load_records
from siweb.collection.levy.batch.exceptions import Exceptions, exceptions_of
from siweb.collection.tables.levy_run import LevyRun
from siweb.rules.numbers.arithmetic import Rounding

Result = TypeVar("Result")
People = tuple[int, int]
"""People by their ids, first to last."""

# Everything is read once, by ranges: a loop into an index for each row takes twice the time, and
# is what the planner chooses where it takes ten people for one.
PLANS = (
    "SET LOCAL enable_nestloop = off",
    "SET LOCAL jit = off",
    "SET LOCAL work_mem = '64MB'",
)


def load_batch(
    session: Session,
    run: LevyRun,
    bare: Table,
    people: tuple[int, int],
    roundings: list[Rounding],
    at: datetime,
) -> int:
    """Write what people owe; return how many records."""
    exceptions = exceptions_of(session, run, run.contribution_month, people)

    def load(half: tuple[int, int]) -> int:
        with apart(session) as own:
            for setting in PLANS:
                own.execute(text(setting))
            return sum(
                _load(own, run, bare, half, rounding, at, exceptions) for rounding in roundings
            )

    return sum(at_once(session, load, halves(people)))


def at_once(
    session: Session, task: Callable[[People], Result], parts: list[People]
) -> list[Result]:
    """Do a task for parts of the people at once, on a connection each; in turn with only one."""
    if isinstance(session.get_bind(), Connection):
        return [task(people) for people in parts]
    with ThreadPoolExecutor(len(parts)) as pool:
        return list(pool.map(task, parts))


def halves(people: tuple[int, int]) -> list[tuple[int, int]]:
    """Return two ranges of people by their ids, or one that cannot be parted."""
    first, last = people
    middle = (first + last) // 2
    return [(first, middle), (middle + 1, last)] if first < last else [people]


def _load(
    session: Session,
    run: LevyRun,
    bare: Table,
    people: tuple[int, int],
    rounding: Rounding,
    at: datetime,
    exceptions: Exceptions,
) -> int:
    filled = load_records(run, people, rounding, at, exceptions, into=bare)
    written = session.execute(filled, execution_options={"preserve_rowcount": True})
    return cast("CursorResult[Any]", written).rowcount
