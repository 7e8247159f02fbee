"""The INSERT … SELECT that loads a month that nothing was billed of."""

from datetime import datetime

from sqlalchemy import Insert, Table, select
from sqlalchemy.dialects import postgresql

from siweb.collection.levy.batch.exceptions import Exceptions
from siweb.collection.levy.records_from_enrolments import premium_rows, record_values
from siweb.collection.tables.levy_run import LevyRun
from siweb.rules.numbers.arithmetic import Rounding


def load_records(
    run: LevyRun,
    people: tuple[int, int],
    rounding: Rounding,
    at: datetime,
    exceptions: Exceptions,
    *,
    into: Table,
) -> Insert:
    """Return the INSERT … SELECT that loads a batch of a month that nothing was billed of.

    `into` has the columns of the records and no key: who stands there twice is refused when it
    gets one.
    """
    month = run.contribution_month
    due = premium_rows(run, month, people, rounding, exceptions, in_sets=True)
    rows = due.subquery("premium")
    values = record_values(run, rows, at)
    names = [column.key for column in values]
    query = select(*values.values())
    return postgresql.insert(into).from_select(names, query, include_defaults=False)
