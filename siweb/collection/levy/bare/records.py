"""The INSERT … SELECT that loads a month that nothing was billed of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Insert, Table, exists, select
from sqlalchemy.dialects import postgresql

from siweb.collection.levy.batch.exceptions import Exceptions
from siweb.collection.levy.records_from_enrolments import (
    is_same_charge,
    premium_rows,
    record_values,
)
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
    not_in: Sequence[Table],
) -> Insert:
    """Return the INSERT … SELECT that loads a batch of a month that nothing was billed of.

    `into` has the columns of the records and no key: who stands there twice is refused when it
    gets one. Whoever stands in one of `not_in` is billed by another region.
    """
    month = run.contribution_month
    due = premium_rows(run, month, people, rounding, exceptions, in_sets=True)
    rows = due.subquery("premium")
    values = record_values(run, rows, at)
    query = select(*values.values()).where(*(~stands_in(other, rows.c) for other in not_in))
    names = [column.key for column in values]
    return postgresql.insert(into).from_select(names, query, include_defaults=False)


def stands_in(other: Table, row: Any) -> ColumnElement[bool]:
    """Return the condition that another region loads a bill of the same month and insurance."""
    return exists().where(
        other.c.person_id == row.person_id,
        other.c.insurance == row.insurance,
        is_same_charge(other.c, row),
    )
