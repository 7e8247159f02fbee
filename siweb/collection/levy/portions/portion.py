"""A portion of a batch's people: its records and sums in a database in memory, not written yet."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    insert,
    select,
    true,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from siweb.collection.levy.batch.exceptions import Exceptions
from siweb.collection.levy.batch.references import prove_references
from siweb.collection.levy.batch.sums import keep_sums
from siweb.collection.levy.records_from_enrolments import premium_rows, record_values
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.levy_sum import LevySum
from siweb.db.base import CLUSTERED
from siweb.db.engine import READ_ONLY, attach_memory
from siweb.ledgers.tables.contribution_record import RECORDS, ContributionRecord
from siweb.rules.numbers.arithmetic import Rounding

# What differs from record to record; the rest is the same for all of a run.
_RECORD = (
    "person_id", "insurance", "insuring_employer_id", "scheme", "employer_id",
    "declared_base_fen", "base_fen", "employer_fen", "employee_fen", "account_fen",
)  # fmt: skip
# In the order of the records' own key: they are written as they lie.
_KEY = ("person_id", "insurance", "insuring_employer_id")
# The database in memory under the name that whoever fills it gives it, always the same one: each
# statement is made once.
_WORKED_OUT = "portion"


@dataclass(frozen=True, slots=True)
class Portion:
    """Where a portion was worked out; it is there as long as its connection is open."""

    connection: Connection
    address: str
    # Tells a batch's portions apart, all of which the writer has beside it.
    number: int


def work_out(
    engine: Engine,
    run: LevyRun,
    people: tuple[int, int],
    number: int,
    roundings: Sequence[Rounding],
    exceptions: Exceptions,
    at: datetime,
) -> Portion:
    """Work out what people owe and what it comes to; `number` is that of the portion.

    :raises ReferenceMissing: when somebody of them is not there.
    """
    connection = engine.connect().execution_options(**{READ_ONLY: True})
    try:
        # Drawn by lot: connections of this process that name the same address share one database.
        portion = Portion(connection, f"siweb-{secrets.token_hex(16)}", number)
        with connection.begin():
            attach_memory(connection, portion.address, _WORKED_OUT)
            _fill(connection, run, people, roundings, exceptions, at)
    except BaseException:
        connection.close()
        raise
    return portion


def write_portion(session: Session, run: LevyRun, portion: Portion, at: datetime) -> None:
    """Write what was worked out among the records and sums."""
    name = f"{_WORKED_OUT}_{portion.number}"
    attach_memory(session.connection(), portion.address, name)
    records, sums = _tables(name)
    values = record_values(run, records, at)
    row = select(*values.values())
    session.execute(
        insert(ContributionRecord).from_select(list(values), row, include_defaults=False)
    )
    session.execute(
        insert(LevySum).from_select(sums.c.keys(), select(sums), include_defaults=False)
    )


def _fill(
    connection: Connection,
    run: LevyRun,
    people: tuple[int, int],
    roundings: Sequence[Rounding],
    exceptions: Exceptions,
    at: datetime,
) -> None:
    records, sums = _tables(_WORKED_OUT)
    for table in (records, sums):
        connection.execute(CreateTable(table))
    for rounding in roundings:
        month = run.contribution_month
        due = premium_rows(run, month, people, rounding, exceptions, by_bases=True)
        values = {
            column.key: value
            for column, value in record_values(run, due.subquery("premium"), at).items()
            if column.key in _RECORD
        }
        filled = sqlite.insert(records).from_select(
            list(values),
            select(*values.values()).where(true()),  # SQLite would take ON CONFLICT for a join's ON
            include_defaults=False,
        )
        # Two enrolments at one payer share a month: one row is due, as among the records.
        connection.execute(filled.on_conflict_do_nothing())
    with Session(connection) as session:
        keep_sums(session, run, people, records.c, true(), into=sums)
        prove_references(session, run, people, records.c, sums.c, true())


@cache
def _tables(schema: str) -> tuple[Table, Table]:
    """Return the tables of records and of sums, the same ones each time."""
    records = [Column(name, RECORDS.c[name].type, primary_key=name in _KEY) for name in _RECORD]
    of_sum: Any = LevySum.__table__
    sums = [Column(each.name, each.type, primary_key=each.primary_key) for each in of_sum.c]
    return (
        Table("portion_record", MetaData(), *records, schema=schema, **CLUSTERED),
        Table("portion_sum", MetaData(), *sums, schema=schema, **CLUSTERED),
    )
