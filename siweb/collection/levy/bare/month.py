"""The table into which a run loads its month, from its first batch until it is issued.

Only the first levy of a month in a region goes so; whatever comes later is written among its
records, row by row, with every reference looked up.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, delete, select, text
from sqlalchemy.orm import Session

from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.collection.tables.levy_sum import LevySum
from siweb.db.claim import ClaimedElsewhere
from siweb.ledgers.month_tables.attach import attach, wait_for_turn
from siweb.ledgers.month_tables.bare import (
    bare_table,
    drop_bare,
    is_loading,
    make_bare,
    may_load,
)
from siweb.ledgers.month_tables.parts import full, is_split, part_of
from siweb.ledgers.tables.contribution_record import RECORDS, ContributionRecord, place_of

LEVY_TABLES = (Bill, BillLine, LevySum, ContributionRecord)


def begin_loading(session: Session, run: LevyRun) -> Table | None:
    """Return the bare table of a run, made now or found with what was committed; None without one.

    What a process that died had not counted is taken away.

    :raises ClaimedElsewhere: when another process went on with the run.
    """
    if run.kind is not LevyKind.REGULAR or session.get_bind().dialect.name != "postgresql":
        return None
    bare = _table(run)
    with apart(session) as own:
        connection = own.connection()
        if not _hold(own, run):
            return None
        if is_loading(connection, bare):
            _go_back(own, run, bare)
            return bare
        # A run that began among the records goes on among them: half of it lies there.
        if run.done_through_person_id or not may_load(connection, RECORDS, *_place(run)):
            return None
        make_bare(connection, bare, RECORDS, *_place(run))
        return bare


def loading(session: Session, run: LevyRun) -> Table | None:
    """Return the bare table of a run that is there and not attached."""
    if run.kind is not LevyKind.REGULAR or session.get_bind().dialect.name != "postgresql":
        return None
    bare = _table(run)
    return bare if is_loading(session.connection(), bare) else None


def wait_to_issue(session: Session) -> None:
    """Let one run after the other end; asked before anything of the run is locked."""
    if session.get_bind().dialect.name == "postgresql":
        wait_for_turn(session.connection(), RECORDS)


def is_overtaken(session: Session, run: LevyRun) -> bool:
    """Return whether somebody wrote records of the month while it was being loaded."""
    return part_of(session.connection(), RECORDS, *_place(run)) is not None


def begin_again(session: Session, run: LevyRun) -> None:
    """Drop what was loaded: the run begins anew, and writes among the records that are there."""
    drop_bare(session.connection(), _table(run))
    session.execute(delete(LevySum).where(LevySum.levy_run_id == run.id))
    run.done_through_person_id = 0
    run.totals = {}
    session.flush()


def issue_records(session: Session, run: LevyRun, *, is_empty: bool) -> None:
    """Attach what was loaded, or drop an empty table; the caller commits soon after.

    :raises IntegrityError: when a reference of the records is not there.
    """
    bare = loading(session, run)
    if bare is None:
        return
    if is_empty:
        # An empty part would only keep the month's next run from loading a table of its own.
        drop_bare(session.connection(), bare)
    else:
        attach(session.connection(), bare, RECORDS, *_place(run))


def part_of_run(session: Session, run: LevyRun) -> str:
    """Return the name of the part with a month's records, for statements; empty without one."""
    connection = session.connection()
    if run.kind is not LevyKind.REGULAR or not is_split(connection, RECORDS):
        return ""
    part = part_of(connection, RECORDS, *_place(run))
    return full(part.name) if part is not None else ""


@contextmanager
def apart(session: Session) -> Iterator[Session]:
    """Give a session whose transaction is its own and committed at the end.

    Where the given one lives within a connection's transaction it is that one.
    """
    bind = session.get_bind()
    if isinstance(bind, Connection):
        yield session
        return
    with Session(bind, expire_on_commit=False) as own, own.begin():
        yield own


def _hold(session: Session, run: LevyRun) -> bool:
    """Hold a run where it was read: who is in the middle of a batch is waited for, not undone.

    Return False for one that is not committed yet: others see neither it nor whom it is about.

    :raises ClaimedElsewhere: when it is not there any more.
    """
    place = select(LevyRun.state, LevyRun.done_through_person_id).where(LevyRun.id == run.id)
    found = session.execute(place.with_for_update(key_share=True)).one_or_none()
    if found is not None and tuple(found) != (LevyState.COMPUTING, run.done_through_person_id):
        raise ClaimedElsewhere
    return found is not None


def _go_back(session: Session, run: LevyRun, bare: Table) -> None:
    """Take away what lies behind the last batch that was counted."""
    # Whoever still writes for a process that died is waited for.
    session.execute(text(f"LOCK TABLE {bare} IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(delete(bare).where(bare.c.person_id > run.done_through_person_id))


def _table(run: LevyRun) -> Table:
    return bare_table(RECORDS, *_place(run), run.id)


def _place(run: LevyRun) -> tuple[int, int]:
    return place_of(run.region_code, run.contribution_month)
