"""A year of contribution records and an account for many made-up people: for measuring only."""

import time
from typing import NamedTuple

from sqlalchemy import Connection, Engine, text

from siweb.bench.insured import make_insured

YEAR = 2025
_INDEXES = {
    "uq_contribution_record_month": (
        "CREATE UNIQUE INDEX uq_contribution_record_month ON contribution_record"
        " (person_id, contribution_month, insurance, sequence)"
    ),
    "ix_contribution_record_employer": (
        "CREATE INDEX ix_contribution_record_employer ON contribution_record"
        " (employer_id, contribution_month)"
    ),
}
_NUMBERS = (
    "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {last}) "
)
# Rates of the demonstration pack in ppm: both sides, in the order of the insurances.
_RATES = (
    "SELECT 'pension' AS insurance, 160000 AS employer, 80000 AS employee"
    " UNION ALL SELECT 'medical', 90000, 20000"
    " UNION ALL SELECT 'unemployment', 5000, 5000"
    " UNION ALL SELECT 'work_injury', 2000, 0"
    " UNION ALL SELECT 'maternity', 0, 0"
)
_BASE = "(500000 + (e.person_id * 104729) % 2500000)"


class Recorded(NamedTuple):
    """What a measured database holds."""

    people: int
    records: int
    seconds: float


def make_recorded(engine: Engine, people: int) -> Recorded:
    """Fill an empty database: people, five enrolments each, a paid year, account entries."""
    started = time.perf_counter()
    make_insured(engine, people)
    with engine.begin() as connection:
        records = _make_records(connection, people)
        _make_account(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return Recorded(people, records, time.perf_counter() - started)


def _make_records(connection: Connection, people: int) -> int:
    # As many rows come in at once, an index made afterwards takes a fraction of the time.
    for name in _INDEXES:
        connection.execute(text(f"DROP INDEX {name}"))
    connection.execute(
        text(
            f"{_NUMBERS.format(last=12)} INSERT INTO contribution_record (person_id, region_code,"
            " insurance, scheme, employer_id, contribution_month, kind, declared_base_fen,"
            " base_fen, employer_fen, employee_fen, account_fen, paid_on, recorded_at)"
            " SELECT e.person_id, e.region_code, e.insurance, 'employee', e.employer_id,"
            f" '{YEAR}-' || SUBSTR('0' || n, -2), 'regular', {_BASE}, {_BASE},"
            f" {_BASE} * rate.employer / 1000000, {_BASE} * rate.employee / 1000000,"
            f" CASE WHEN e.insurance = 'pension' THEN {_BASE} * 80000 / 1000000 ELSE 0 END,"
            f" '{YEAR}-' || SUBSTR('0' || n, -2) || '-20', '{YEAR}-12-31 00:00:00+00:00'"
            f" FROM enrolment AS e JOIN ({_RATES}) AS rate ON rate.insurance = e.insurance"
            " CROSS JOIN number ORDER BY e.person_id"
        )
    )
    for statement in _INDEXES.values():
        connection.execute(text(statement))
    return people * 60


def _make_account(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO account_entry (person_id, year, kind, contribution_month, amount_fen,"
            " contribution_record_id, posted_on)"
            f" SELECT person_id, {YEAR}, 'credit', contribution_month, account_fen, id, paid_on"
            " FROM contribution_record WHERE insurance = 'pension'"
        )
    )
