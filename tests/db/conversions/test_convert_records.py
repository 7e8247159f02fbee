"""An office of the version before: records lose their numbers and keep everything they say."""

from datetime import UTC, date, datetime

import pytest
from alembic import command
from sqlalchemy import column, select, table, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.db.migrate import alembic_config, migrate
from siweb.ledgers.tables.account_entry import KEY_OF_RECORD, is_about
from siweb.ledgers.tables.contribution_record import ContributionRecord
from tests.db.conversions.test_convert_codes import ROWS, insert_rows
from tests.migrated import lay, lay_schema

BEFORE, AFTER = "0049", "0050"
AT = datetime(2026, 2, 3, 8, 0, 5, 120_034, tzinfo=UTC)
_RECORD = {
    "person_id": 1, "region_code": 310000, "scheme": 1, "employer_id": 7, "kind": 1,
    "contribution_month": 202512, "declared_base_fen": 5, "base_fen": 5, "employer_fen": 2,
    "employee_fen": 1, "account_fen": 1, "paid_on": "2026-01-31", "corrects_id": None,
    "levy_run_id": None, "recorded_at": "2026-02-03 08:00:05.120034",
}  # fmt: skip
_RECORDS = [
    _RECORD | {"id": 11, "insurance": 1, "sequence": 0},
    _RECORD | {"id": 12, "insurance": 1, "sequence": 1, "kind": 3, "paid_on": None},
    _RECORD | {"id": 13, "insurance": 4, "sequence": 0},
    _RECORD | {"id": 14, "insurance": 2, "sequence": 0, "scheme": 2, "employer_id": None},
]
_ENTRY = {
    "person_id": 1, "year": 2025, "kind": 2, "contribution_month": 202512, "amount_fen": 1,
    "posted_on": "2026-01-31", "recorded_on": "2026-01-31",
}  # fmt: skip
_ENTRIES = [
    _ENTRY | {"id": 21, "contribution_record_id": 12},
    _ENTRY | {"id": 22, "contribution_record_id": 11},
    _ENTRY | {"id": 23, "contribution_record_id": None},
]


@pytest.fixture
def office(empty_engine):
    """An engine on an office as the version before leaves it."""
    lay(empty_engine, "records_before", make_before)
    return empty_engine


@pytest.fixture(scope="module")
def converted(kept_engine):
    """An engine on such an office as it came over."""
    lay(kept_engine, "records_after", convert)
    return kept_engine


def make_before(engine):
    lay_schema(engine, "0048")
    insert_rows(engine, [row for row in ROWS if row[0] in {"region", "employer", "person"}])
    migrate(engine, BEFORE)
    insert_rows(engine, [("contribution_record", row) for row in _RECORDS])
    insert_rows(engine, [("account_entry", row) for row in _ENTRIES])


def convert(engine):
    lay(engine, "records_before", make_before)
    migrate(engine, AFTER)


def rows_of(engine, table, order):
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT * FROM {table} ORDER BY {order}")).mappings()
        return [dict(row) for row in rows]


def test_records_are_found_by_what_they_say(converted):
    record = ContributionRecord
    with Session(converted) as session:
        # The table of entries is another by now: only its names of that version are read.
        entry = table("account_entry", column("id"), *(column(name) for name in KEY_OF_RECORD))
        key = (record.insurance, record.insuring_employer_id, record.sequence)
        found = session.execute(select(*key, record.paid_on, record.recorded_at).order_by(*key))
        rows = [tuple(row) for row in found]
        about = session.execute(
            select(entry.c.id, record.sequence).join(record, is_about(entry.c)).order_by(entry.c.id)
        ).all()

    paid = date(2026, 1, 31)
    assert rows == [
        ("pension", 0, 0, paid, AT),
        ("pension", 0, 1, None, AT),
        ("medical", 0, 0, paid, AT),
        ("work_injury", 7, 0, paid, AT),
    ]
    assert [tuple(row) for row in about] == [(21, 1), (22, 0)]


def test_they_come_back_with_numbers_in_the_order_of_their_months(office):
    order = "person_id, insurance, sequence"
    before = rows_of(office, "contribution_record", order)
    entries = rows_of(office, "account_entry", "id")

    migrate(office, AFTER)
    command.downgrade(alembic_config(office), BEFORE)

    after = rows_of(office, "contribution_record", order)
    numbers = {was["id"]: now["id"] for was, now in zip(before, after, strict=True)}
    assert [row | {"id": 0} for row in after] == [row | {"id": 0} for row in before]
    assert rows_of(office, "account_entry", "id") == [
        row | {"contribution_record_id": numbers.get(row["contribution_record_id"])}
        for row in entries
    ]


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE contribution_record SET person_id = 2 WHERE insurance = 2",
        "UPDATE contribution_record SET employer_id = 8 WHERE insurance = 1",
        "UPDATE contribution_record SET region_code = 110000 WHERE insurance = 2",
        "UPDATE contribution_record SET sequence = 0 WHERE insurance = 1",
        "UPDATE contribution_record SET insuring_employer_id = 0 WHERE insurance = 4",
        "UPDATE contribution_record SET insuring_employer_id = 7 WHERE insurance = 2",
        "UPDATE account_entry SET record_sequence = 2 WHERE id = 22",
        "UPDATE account_entry SET record_sequence = NULL WHERE id = 22",
        "UPDATE account_entry SET contribution_month = NULL WHERE id = 22",
        "DELETE FROM contribution_record WHERE insurance = 1 AND sequence = 0",
    ],
)
def test_what_breaks_a_reference_or_a_key_is_refused(converted, broken):
    with pytest.raises(IntegrityError), converted.begin() as connection:
        connection.execute(text(broken))
