"""Regions that bill a month at the same time do not bill the same people twice.

The key of records begins with the region, so no key refuses the second bill: a batch asks what
other regions wrote, and until it is committed none of them writes about its people.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.collection.tables.levy_run import LevyRun
from siweb.rules.calendar.months import month_index, months_through

# People by their ids: a batch waits for those of another region that meet it in one of these.
# Fewer would mean more locks a batch; PostgreSQL keeps a few thousand of them at once.
_PEOPLE = 1 << 16


def await_turn(session: Session, run: LevyRun, people: tuple[int, int]) -> None:
    """Wait until no other region's batch of the months is about these people; until the commit.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    first, last = (person // _PEOPLE for person in people)
    # In this order everywhere: two of them never wait for each other.
    for month in months_through(run.contribution_month, run.through_month):
        for some in range(first, last + 1):
            session.execute(select(func.pg_advisory_xact_lock(month_index(month), some)))
