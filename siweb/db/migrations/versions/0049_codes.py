"""Closed words of large tables, months and regions are numbers; `code_name` says what they mean.

Everything is converted in the database, table by table. Old code does not run on it: the servers
stop first. On SQLite a table is built anew in its own sentence, since a batch loses an index over
an expression; on PostgreSQL it is written anew once for all its columns.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

CODES = {
    "insurance": ("pension", "medical", "unemployment", "work_injury", "maternity"),
    "scheme": ("employee", "flexible", "resident"),
    "record_kind": ("regular", "back_payment", "adjustment", "reversal"),
    "entry_kind": (
        "opening", "credit", "interest", "provisional_interest", "transfer_in", "transfer_out",
        "inheritance", "reversal",
    ),
    "fund_entry_kind": ("premium", "late_fee"),
    "allocation_kind": ("premium", "late_fee"),
    "row_state": ("good", "refused", "applied"),
}  # fmt: skip
CODED = {
    "account_entry": {"kind": "entry_kind"},
    "allocation": {"insurance": "insurance", "kind": "allocation_kind"},
    "bill_line": {"insurance": "insurance"},
    "contribution_record": {"insurance": "insurance", "scheme": "scheme", "kind": "record_kind"},
    "declared_base": {"insurance": "insurance"},
    "enrolment": {"insurance": "insurance", "scheme": "scheme"},
    "filing_row": {"state": "row_state"},
    "fund_entry": {"insurance": "insurance", "kind": "fund_entry_kind"},
    "levy_preview": {"insurance": "insurance"},
    "levy_sum": {"insurance": "insurance"},
    "levy_term": {"insurance": "insurance", "scheme": "scheme"},
}
MONTHS = {
    "account_entry": ("contribution_month", "interest_month"),
    "adjustment_task": ("first_month", "last_month"),
    "assessment": ("from_month", "to_month"),
    "benefit": ("from_month", "suspended_from_month"),
    "bill": ("contribution_month", "through_month"),
    "bill_month": ("contribution_month",),
    "campaign": ("period_from_month", "period_to_month"),
    "contribution_record": ("contribution_month",),
    "declared_base": ("from_month",),
    "enrolment": ("from_month", "to_month"),
    "levy_employer": ("contribution_month",),
    "levy_run": ("contribution_month", "through_month"),
    "levy_sum": ("last_month",),
    "levy_term": ("contribution_month",),
    "objection": ("contribution_month",),
    "transfer_segment": ("from_month", "through_month"),
}
REGIONS = (
    "adjustment_task", "agency", "arrears", "assessment", "bank_mapping", "bank_statement",
    "benefit", "bill", "campaign", "contribution_record", "document", "employer", "enrolment",
    "fund_entry", "held_entry", "hire_report", "levy_run", "payment", "person",
)  # fmt: skip
_MONTH = "contribution_month"
_SHAPE = (
    "length(contribution_month) = 7",
    f"{_MONTH} BETWEEN 100001 AND 999912 AND {_MONTH} - {_MONTH} / 100 * 100 BETWEEN 1 AND 12",
)
# By table: a check's name, what it said, and what it says; where it says the same on SQLite,
# PostgreSQL would go on comparing texts.
CHECKS: dict[str, dict[str, tuple[str, ...]]] = {
    "adjustment_task": {"month_order": ("last_month >= first_month",) * 2},
    "assessment": {"month_order": ("to_month >= from_month",) * 2},
    "campaign": {"period": ("period_from_month <= period_to_month",) * 2},
    "contribution_record": {"month_shape": _SHAPE},
    "enrolment": {
        "to_after_from": ("to_month IS NULL OR to_month >= from_month",) * 2,
        "employer_given": tuple(
            f"(scheme = {employee}) = (employer_id IS NOT NULL)" for employee in ("'employee'", 1)
        ),
    },
    "levy_run": {
        "month_order": ("through_month >= contribution_month",) * 2,
        "month_shape": _SHAPE,
    },
    "region": {"code_length": ("length(code) = 6", "code BETWEEN 100000 AND 999999")},
    "transfer_segment": {"month_order": ("through_month >= from_month",) * 2},
}
# Indexes that name a word: their table, what is unique in it, and the word before and after.
_EMPLOYER = "(CASE WHEN insurance = {} THEN coalesce(employer_id, 0) ELSE 0 END)"
_INJURY = ("'work_injury'", "4")
INDEXES = {
    "uq_contribution_record_month": (
        "contribution_record",
        f"(person_id, contribution_month, insurance, sequence, {_EMPLOYER})",
        _INJURY,
    ),
    "uq_enrolment_open": (
        "enrolment",
        f"(person_id, insurance, region_code, {_EMPLOYER}) WHERE to_month IS NULL",
        _INJURY,
    ),
    "uq_filing_row_applied": ("filing_row", "(row_key) WHERE state = {}", ("'applied'", "3")),
}
TABLES = sorted({*CODED, *MONTHS, *REGIONS, "region"})
_NEW = "_rebuilt_"


class Change(NamedTuple):
    """A column's types and values, as text before and as numbers after."""

    text: str
    number: str
    to_number: str
    to_text: str
    # A code's check before and after.
    checks: tuple[str, str] | None = None


def upgrade() -> None:
    names = op.create_table(
        "code_name",
        sa.Column("list", sa.String(24), primary_key=True),
        sa.Column("code", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("word", sa.String(24), nullable=False),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(
        names,
        [
            {"list": name, "code": number, "word": word}
            for name, words in CODES.items()
            for number, word in enumerate(words, 1)
        ],
    )
    _convert(forward=True)


def downgrade() -> None:
    _convert(forward=False)
    op.drop_table("code_name")


def _convert(*, forward: bool) -> None:
    connection = op.get_bind()
    for name in INDEXES:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    if connection.dialect.name == "postgresql":
        _alter(connection, forward=forward)
    else:
        for table in TABLES:
            _rebuild(connection, table, forward=forward)
    for name, (table, unique, words) in INDEXES.items():
        what = unique.format(words[forward])
        connection.exec_driver_sql(f"CREATE UNIQUE INDEX {name} ON {table} {what}")
    if sa.inspect(connection).has_table("sqlite_stat1"):
        connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")


def _changes(table: str) -> dict[str, Change]:
    found = {column: _coded(column, CODES[name]) for column, name in CODED.get(table, {}).items()}
    for column in MONTHS.get(table, ()):
        found[column] = Change(
            "VARCHAR(7)",
            "INTEGER",
            f"CAST(replace({column}, '-', '') AS INTEGER)",
            f"substr(CAST({column} AS TEXT), 1, 4) || '-' || substr(CAST({column} AS TEXT), 5)",
        )
    for column in ("code",) if table == "region" else ("region_code",) * (table in REGIONS):
        found[column] = Change(
            "VARCHAR(6)", "INTEGER", f"CAST({column} AS INTEGER)", f"CAST({column} AS TEXT)"
        )
    return found


def _coded(column: str, words: tuple[str, ...]) -> Change:
    numbers = {f"'{word}'": str(number) for number, word in enumerate(words, 1)}

    def case(values: Iterable[tuple[str, str]]) -> str:
        return f"CASE {column} {' '.join(f'WHEN {one} THEN {other}' for one, other in values)} END"

    return Change(
        "VARCHAR(24)",
        "SMALLINT",
        case(numbers.items()),
        case(zip(numbers.values(), numbers, strict=True)),
        (f"{column} IN ({', '.join(numbers)})", f"{column} BETWEEN 1 AND {len(words)}"),
    )


def _checks(table: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, text before and text after of every check that has to change."""
    for column, change in _changes(table).items():
        if change.checks:
            yield f"ck_{table}_{column}", *change.checks
    for name, (before, after) in CHECKS.get(table, {}).items():
        yield f"ck_{table}_{name}", before, after


def _rebuild(connection: sa.Connection, table: str, *, forward: bool) -> None:
    """Build a table of SQLite anew in its own sentence, with the columns and checks that change."""
    changes = _changes(table)
    created, *indexes = _sentences(connection, table)
    old, new = ("TEXT", "INTEGER") if forward else ("INTEGER", "TEXT")
    for column in changes:
        created, times = re.subn(rf'([(,]\s*"?{column}"?\s+){old}\b', rf"\g<1>{new}", created)
        assert times == 1, (table, column)
    for name, *texts in _checks(table):
        before, after = texts if forward else reversed(texts)
        assert f"CHECK ({before})" in created, (table, name)
        created = created.replace(f"CHECK ({before})", f"CHECK ({after})")
    rest = created.split("(", 1)[1]
    connection.exec_driver_sql(f'CREATE TABLE "{_NEW}{table}" ({rest}')
    names = [column["name"] for column in sa.inspect(connection).get_columns(table)]
    values: dict[str, sa.ColumnElement[Any]] = {name: sa.column(name) for name in names}
    for column, change in changes.items():
        values[column] = sa.literal_column(change.to_number if forward else change.to_text)
    there = sa.table(_NEW + table, *map(sa.column, names))
    rows = sa.select(*values.values()).select_from(sa.table(table))
    connection.execute(there.insert().from_select(names, rows))
    connection.exec_driver_sql(f'DROP TABLE "{table}"')
    connection.exec_driver_sql(f'ALTER TABLE "{_NEW}{table}" RENAME TO "{table}"')
    for index in indexes:
        connection.exec_driver_sql(index)


def _sentences(connection: sa.Connection, table: str) -> list[str]:
    """Return how a table was made, and then its indexes."""
    query = (
        "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type IN ('table', 'index')"
        " AND sql <> '' ORDER BY type DESC, name"
    )
    return list(connection.scalars(sa.text(query), {"name": table}))


def _alter(connection: sa.Connection, *, forward: bool) -> None:
    """Write the tables of PostgreSQL anew, each once for all its columns."""
    for table in REGIONS:
        op.drop_constraint(f"fk_{table}_region_code", table, type_="foreignkey")
    for table in TABLES:
        connection.exec_driver_sql(f"ALTER TABLE {table} {', '.join(_parts(table, forward))}")
    for table in REGIONS:
        key = f"fk_{table}_region_code"
        op.create_foreign_key(key, table, "region", ["region_code"], ["code"])


def _parts(table: str, forward: bool) -> Iterator[str]:
    for name, *_texts in _checks(table):
        yield f"DROP CONSTRAINT {name}"
    for column, change in _changes(table).items():
        made, value = change.text, change.to_text
        if forward:
            made, value = change.number, change.to_number
        yield f"ALTER COLUMN {column} TYPE {made} USING {value}"
    for name, before, after in _checks(table):
        yield f"ADD CONSTRAINT {name} CHECK ({after if forward else before})"
