"""Allocations keep their numbers, say their bill's region, and name which one they take back."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from siweb.db.migrate import alembic_config, migrate
from tests.db.conversions.test_convert_codes import insert_rows
from tests.db.conversions.test_convert_entries import DAY, rows_of
from tests.db.conversions.test_convert_fund_entries import BILL, RUN
from tests.db.conversions.test_convert_keys import AT, REGION
from tests.db.conversions.test_convert_keys import ROWS as REGISTER
from tests.migrated import lay, lay_schema

BEFORE, AFTER = "0069", "0070"
PAYMENT = {
    "id": 1, "region_code": REGION, "kind": "transfer", "amount_fen": 9, "received_on": DAY,
    "payer_name": "", "payer_account": "", "remittance": "", "entry_key": "a", "recorded_at": AT,
    "unallocated_fen": 3,
}  # fmt: skip
ALLOCATION = {
    "payment_id": 1, "insurance": 1, "kind": 1, "amount_fen": 3, "paid_on": DAY,
    "allocated_at": AT,
}  # fmt: skip
ALLOCATIONS = (
    ALLOCATION | {"id": 31, "bill_id": 2},
    ALLOCATION | {"id": 32, "bill_id": 1, "insurance": 4},
    ALLOCATION | {"id": 33, "bill_id": 2, "amount_fen": -3, "reverses_id": 31},
    ALLOCATION | {"id": 34, "bill_id": 2, "kind": 2},
)


@pytest.fixture
def office(empty_engine):
    """An engine on an office as the version before leaves it."""
    lay(empty_engine, "allocations_before", make_before)
    return empty_engine


@pytest.fixture(scope="module")
def converted(kept_engine):
    """An engine on such an office as it came over."""
    lay(kept_engine, "allocations_after", convert)
    return kept_engine


@pytest.fixture
def own_converted(empty_engine):
    """One that a test may change."""
    lay(empty_engine, "allocations_after", convert)
    return empty_engine


def make_before(engine):
    lay_schema(engine, BEFORE)
    insert_rows(engine, [row for row in REGISTER if row[0] in {"region", "employer", "person"}])
    insert_rows(engine, [("levy_run", RUN | {"id": 1})])
    bills = (BILL | {"id": number, "employer_id": number + 6} for number in (1, 2))
    insert_rows(engine, [("bill", row) for row in bills])
    insert_rows(engine, [("payment", PAYMENT)])
    insert_rows(engine, [("allocation", row) for row in ALLOCATIONS])


def convert(engine):
    lay(engine, "allocations_before", make_before)
    migrate(engine, AFTER)


def test_allocations_keep_their_numbers_and_say_their_region(converted):
    named = (
        "SELECT bill_id, allocation_number, region_code, reverses_number FROM allocation ORDER BY 2"
    )
    assert [tuple(row.values()) for row in rows_of(converted, named)] == [
        (2, 31, REGION, None),
        (1, 32, REGION, None),
        (2, 33, REGION, 31),
        (2, 34, REGION, None),
    ]


def test_they_come_back_as_they_were(office):
    everything = "SELECT * FROM allocation ORDER BY id"
    before = rows_of(office, everything)

    migrate(office, AFTER)
    command.downgrade(alembic_config(office), BEFORE)

    assert rows_of(office, everything) == before
    insert_rows(office, [("allocation", ALLOCATION | {"bill_id": 1})])
    assert len(rows_of(office, everything)) == len(ALLOCATIONS) + 1


def test_numbers_of_two_bills_do_not_meet_when_it_goes_back(own_converted):
    with own_converted.begin() as connection:
        connection.execute(
            text("UPDATE allocation SET allocation_number = 31 WHERE allocation_number = 32")
        )

    command.downgrade(alembic_config(own_converted), BEFORE)

    assert len(rows_of(own_converted, "SELECT DISTINCT id FROM allocation")) == len(ALLOCATIONS)
    pairs = (
        "SELECT first.bill_id, first.kind, first.amount_fen FROM allocation a"
        " JOIN allocation first ON first.id = a.reverses_id"
    )
    assert [tuple(row.values()) for row in rows_of(own_converted, pairs)] == [(2, 1, 3)]


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE allocation SET allocation_number = 34 WHERE allocation_number = 31",
        "UPDATE allocation SET reverses_number = 31 WHERE allocation_number = 34",
        "UPDATE allocation SET reverses_number = 32 WHERE allocation_number = 33",
        "UPDATE allocation SET region_code = 310001",
        "UPDATE allocation SET bill_id = 9",
        "UPDATE allocation SET payment_id = 9",
        "UPDATE allocation SET insurance = 6",
        "UPDATE allocation SET kind = 3",
        "DELETE FROM allocation WHERE allocation_number = 31",
        "DELETE FROM bill WHERE id = 1",
    ],
)
def test_a_rogue_allocation_is_refused(converted, broken):
    with pytest.raises(IntegrityError), converted.begin() as connection:
        connection.execute(text(broken))
