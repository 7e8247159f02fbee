"""A batch's records on SQLite: two connections work portions out, and the run's own writes them.

SQLite has one writer, and where it works out by itself what it writes, one core does everything.
But while the run's connection holds the right to write, everybody else may read, and nothing of
what they read changes: all of them see the register as the writer does. So other connections work
the records out, in memory, add them up and ask for their references, and what is left to the writer
is to write them. It does that in the order of the people, and commits as it would without: a
process that dies leaves nothing of them.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from siweb.collection.levy.batch.exceptions import Exceptions
from siweb.collection.levy.portions.portion import Portion, work_out, write_portion
from siweb.collection.tables.levy_run import LevyRun
from siweb.rules.numbers.arithmetic import Rounding

# SQLite sees ten databases at most beside its own.
_PORTIONS = 8
# Two cores are what an office's machine has at least; the writer has less to do than either.
_AT_ONCE = 2


def may_part(session: Session, exceptions: Exceptions) -> bool:
    """Return whether a batch may be parted: where others see the same file, and what nobody billed.

    What was billed before stays as it is, which only the records themselves tell.
    """
    bind = session.get_bind()
    return (
        isinstance(bind, Engine)
        and bind.url.database not in (None, "", ":memory:")
        and not exceptions.billed_before
    )


def write_in_portions(
    session: Session,
    run: LevyRun,
    people: tuple[int, int],
    roundings: Sequence[Rounding],
    exceptions: Exceptions,
    at: datetime,
) -> None:
    """Write what people owe, and its sums; the references are asked for as well.

    The session holds the right to write, and has written nothing of what is read here.

    :raises ReferenceMissing: when a reference is not there; the caller rolls back.
    """
    engine = session.get_bind()
    assert isinstance(engine, Engine)

    def work(number: int, part: tuple[int, int]) -> Portion:
        return work_out(engine, run, part, number, roundings, exceptions, at)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        worked = [pool.submit(work, *each) for each in enumerate(portions(people))]
        try:
            for each in worked:
                portion = each.result()
                try:
                    write_portion(session, run, portion, at)
                finally:
                    portion.connection.close()
        finally:
            # After a failure the others are not begun, or let go.
            for each in worked:
                if not each.cancel() and not each.exception():
                    each.result().connection.close()


def portions(people: tuple[int, int]) -> list[tuple[int, int]]:
    """Return ranges of people by their ids, of the same length as far as possible."""
    first, last = people
    # Rounded up: rounded down, the rest would be one portion more.
    length = -(-(last - first + 1) // _PORTIONS)
    return [(start, min(start + length - 1, last)) for start in range(first, last + 1, length)]
