"""A month that is loaded gets its sums, its key and its indexes: all that issuing it needs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sqlalchemy import Connection, Table, delete, text
from sqlalchemy.orm import Session

from siweb.collection.levy.bare.load import PLANS, at_once, halves
from siweb.collection.levy.bare.month import apart, loading
from siweb.collection.levy.batch.sums import keep_sums
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.levy_sum import LevySum
from siweb.ledgers.month_tables.keys import give_key, missing_keys
from siweb.ledgers.tables.contribution_record import RECORDS


def sum_up(session: Session, run: LevyRun) -> None:
    """Write the sums of what a run has loaded, in two halves at once; once more if it has them.

    Whoever calls holds the run. Killed at any time, the next attempt begins with them again.
    """
    bare = loading(session, run)
    if bare is None:
        return
    with apart(session) as own:
        own.execute(delete(LevySum).where(LevySum.levy_run_id == run.id))

    def keep(people: tuple[int, int]) -> None:
        with apart(session) as own:
            for setting in PLANS:
                own.execute(text(setting))
            keep_sums(own, run, people, bare.c, bare.c.person_id.between(*people))

    at_once(session, keep, halves((0, run.done_through_person_id)))


@contextmanager
def keys_meanwhile(session: Session, run: LevyRun) -> Iterator[None]:
    """Give what a run has loaded its key and indexes while something else is done.

    Each is a step by itself; what an attempt before this one gave stays.

    :raises IntegrityError: when somebody stands there twice.
    """
    bare = loading(session, run)
    if bare is None:
        yield
    # Bound to one connection: no other one would see what its transaction has loaded.
    elif isinstance(session.get_bind(), Connection):
        _give_keys(session, bare)
        yield
    else:
        with ThreadPoolExecutor(1) as pool:
            given = pool.submit(_give_keys, session, bare)
            yield
            given.result()


def _give_keys(session: Session, bare: Table) -> None:
    with apart(session) as own:
        statements = list(missing_keys(own.connection(), bare, RECORDS))
    for statement in statements:
        with apart(session) as own:
            give_key(own.connection(), statement)
