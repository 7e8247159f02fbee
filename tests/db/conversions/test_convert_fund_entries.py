"""Entries of funds keep their numbers, and lie by the region and month of their bill."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from siweb.db.migrate import alembic_config, migrate
from tests.db.conversions.test_convert_codes import insert_rows
from tests.db.conversions.test_convert_entries import DAY, rows_of
from tests.db.conversions.test_convert_keys import REGION
from tests.db.conversions.test_convert_keys import ROWS as REGISTER
from tests.migrated import lay, lay_schema

BEFORE, AFTER = "0058", "0059"
RUN = {
    "region_code": REGION, "contribution_month": 202512, "kind": "regular", "sequence": 0,
    "state": "issued", "through_month": 202512, "as_of": DAY, "due_on": DAY, "totals": "{}",
    "started_at": DAY + " 08:00:00+00:00", "done_through_person_id": 0,
}  # fmt: skip
BILL = {
    "kind": "levy", "levy_run_id": 1, "region_code": REGION, "contribution_month": 202512,
    "through_month": 202512, "headcount": 1, "employer_fen": 2, "employee_fen": 1, "total_fen": 3,
    "paid_fen": 3, "late_fee_paid_fen": 0, "due_on": DAY,
}  # fmt: skip
ENTRY = {
    "region_code": REGION, "fund": "pension", "insurance": 1, "kind": 1, "amount_fen": 3,
    "account_fen": 1, "posted_on": DAY, "recorded_on": DAY,
}  # fmt: skip
ENTRIES = (
    ENTRY | {"id": 31, "bill_id": 2},
    ENTRY | {"id": 32, "bill_id": 1},
    ENTRY | {"id": 33, "bill_id": 2, "amount_fen": -3},
)


@pytest.fixture
def office(empty_engine):
    """An engine on an office as the version before leaves it."""
    lay(empty_engine, "fund_entries_before", make_before)
    return empty_engine


@pytest.fixture(scope="module")
def converted(kept_engine):
    """An engine on such an office as it came over."""
    lay(kept_engine, "fund_entries_after", convert)
    return kept_engine


def make_before(engine):
    lay_schema(engine, BEFORE)
    insert_rows(engine, [row for row in REGISTER if row[0] in {"region", "employer", "person"}])
    insert_rows(engine, [("levy_run", RUN | {"id": 1})])
    bills = (BILL | {"id": number, "employer_id": number + 6} for number in (1, 2))
    insert_rows(engine, [("bill", row) for row in bills])
    insert_rows(engine, [("fund_entry", row) for row in ENTRIES])


def convert(engine):
    lay(engine, "fund_entries_before", make_before)
    migrate(engine, AFTER)


def test_entries_keep_their_numbers_and_say_their_month(converted):
    named = (
        "SELECT region_code, contribution_month, bill_id, entry_number FROM fund_entry ORDER BY 4"
    )
    assert [tuple(row.values()) for row in rows_of(converted, named)] == [
        (REGION, 202512, 2, 31),
        (REGION, 202512, 1, 32),
        (REGION, 202512, 2, 33),
    ]


def test_they_come_back_as_they_were(office):
    everything = "SELECT * FROM fund_entry ORDER BY id"
    before = rows_of(office, everything)

    migrate(office, AFTER)
    command.downgrade(alembic_config(office), BEFORE)

    assert rows_of(office, everything) == before


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE fund_entry SET entry_number = 33 WHERE entry_number = 31",
        "UPDATE fund_entry SET region_code = 310001",
        "UPDATE fund_entry SET bill_id = 9",
        "UPDATE fund_entry SET insurance = 6",
        "UPDATE fund_entry SET kind = 3",
        "UPDATE fund_entry SET contribution_month = NULL",
        "DELETE FROM bill WHERE id = 1",
    ],
)
def test_a_rogue_entry_is_refused(converted, broken):
    with pytest.raises(IntegrityError), converted.begin() as connection:
        connection.execute(text(broken))
