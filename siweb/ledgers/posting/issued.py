"""Which records count: those of a levy run only when the run is issued, all at once."""

from typing import Any

from sqlalchemy import ColumnElement, String, column, or_, select, table

from siweb.ledgers.tables.contribution_record import ContributionRecord

# The runs live in a room above this one, so only their names are known here.
_RUN = table("levy_run", column("id"), column("state", String()))


def is_issued(record: Any = ContributionRecord) -> ColumnElement[bool]:
    """Return the condition that a contribution record counts; also of an alias of them.

    Runs that are not issued are few at any time: they are listed once, by an index, instead of
    looking up the run of each record.
    """
    state = _RUN.c.state
    hidden = select(_RUN.c.id).where(or_(state == "computing", state == "cancelled"))
    run = record.levy_run_id
    return or_(run.is_(None), run.not_in(hidden))
