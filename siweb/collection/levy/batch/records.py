"""The INSERT … SELECT that makes a batch of people's contribution records of what they owe."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Insert, Subquery, Table, exists, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite

from siweb.collection.levy.batch.exceptions import ANY, Exceptions
from siweb.collection.levy.records_from_enrolments import is_same_charge, premium_rows
from siweb.collection.tables.levy_run import LevyRun
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.insuring_employer import insuring_employer
from siweb.rules.numbers.arithmetic import Rounding


def insert_records(
    run: LevyRun,
    people: tuple[int, int],
    rounding: Rounding,
    at: datetime,
    exceptions: Exceptions = ANY,
    *,
    dialect: str,
) -> Insert:
    """Return the INSERT … SELECT that writes a batch of contribution records.

    What was billed before is there under the same key, and stays as it is.
    """
    rows = premium_rows(run, run.contribution_month, people, rounding, exceptions)
    values = _values(run, rows.subquery("premium"), at)
    record = ContributionRecord
    write = sqlite.insert(record) if dialect == "sqlite" else postgresql.insert(record)
    filled = write.from_select(
        list(values),
        select(*values.values()).where(true()),  # SQLite would take ON CONFLICT for a join's ON
        include_defaults=False,
    )
    return filled.on_conflict_do_nothing()


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
    values = _values(run, rows, at)
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


def _values(run: LevyRun, rows: Subquery, at: datetime) -> dict[Any, Any]:
    """Return the columns of a record, each with what it is of the rows that are due."""
    record, due = ContributionRecord, rows.c
    kind = RecordKind.BACK_PAYMENT if run.sequence else RecordKind.REGULAR
    return {
        record.region_code: literal(run.region_code, record.region_code.type),
        record.contribution_month: literal(run.contribution_month, record.contribution_month.type),
        record.person_id: due.person_id,
        record.insurance: due.insurance,
        record.insuring_employer_id: insuring_employer(due.insurance, due.employer_id),
        record.sequence: literal(0),
        record.scheme: due.scheme,
        record.employer_id: due.employer_id,
        record.kind: literal(kind, record.kind.type),
        record.declared_base_fen: due.declared_base_fen,
        record.base_fen: due.base_fen,
        record.employer_fen: due.employer_fen,
        record.employee_fen: due.employee_fen,
        record.account_fen: due.account_fen,
        record.levy_run_id: literal(run.id),
        record.recorded_at: literal(at, record.recorded_at.type),
    }
