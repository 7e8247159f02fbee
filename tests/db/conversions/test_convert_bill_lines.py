"""Lines of bills lie by their bill, say its region and month, and their words as numbers."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from siweb.db.migrate import alembic_config, migrate
from tests.db.conversions.test_convert_codes import insert_rows
from tests.db.conversions.test_convert_entries import rows_of
from tests.db.conversions.test_convert_fund_entries import BILL, RUN
from tests.db.conversions.test_convert_keys import REGION
from tests.db.conversions.test_convert_keys import ROWS as REGISTER
from tests.migrated import lay, lay_schema

BEFORE, AFTER = "0068", "0069"
LINE = {
    "headcount": 1, "base_fen": 9, "employer_fen": 2, "employee_fen": 1, "paid_fen": 3,
    "rounding_fen": 0,
}  # fmt: skip
LINES = (
    LINE | {"id": 1, "bill_id": 1, "insurance": 1, "rounding": "up_jiao", "scope": "person"},
    LINE
    | {"id": 2, "bill_id": 1, "insurance": 4, "rounding": "half_up_fen", "scope": "employer_total"},
    LINE | {"id": 3, "bill_id": 2, "insurance": 1, "rounding": None, "scope": None},
)


@pytest.fixture
def office(empty_engine):
    """An engine on an office as the version before leaves it."""
    lay(empty_engine, "bill_lines_before", make_before)
    return empty_engine


@pytest.fixture(scope="module")
def converted(kept_engine):
    """An engine on such an office as it came over."""
    lay(kept_engine, "bill_lines_after", convert)
    return kept_engine


def make_before(engine):
    lay_schema(engine, BEFORE)
    insert_rows(engine, [row for row in REGISTER if row[0] in {"region", "employer", "person"}])
    insert_rows(engine, [("levy_run", RUN | {"id": 1})])
    bills = (BILL | {"id": number, "employer_id": number + 6} for number in (1, 2))
    insert_rows(engine, [("bill", row) for row in bills])
    insert_rows(engine, [("bill_line", row) for row in LINES])


def convert(engine):
    lay(engine, "bill_lines_before", make_before)
    migrate(engine, AFTER)


def test_lines_say_their_bills_region_and_month_and_words_as_numbers(converted):
    said = (
        "SELECT bill_id, insurance, region_code, contribution_month, rounding, scope"
        " FROM bill_line ORDER BY bill_id, insurance"
    )
    assert [tuple(row.values()) for row in rows_of(converted, said)] == [
        (1, 1, REGION, 202512, 3, 1),
        (1, 4, REGION, 202512, 1, 2),
        (2, 1, REGION, 202512, None, None),
    ]


def test_they_come_back_as_they_were(office):
    everything = "SELECT * FROM bill_line ORDER BY id"
    before = rows_of(office, everything)

    migrate(office, AFTER)
    command.downgrade(alembic_config(office), BEFORE)

    assert rows_of(office, everything) == before
    more = LINE | {"bill_id": 2, "insurance": 2}
    insert_rows(office, [("bill_line", more)])
    assert rows_of(office, everything)[-1]["id"] == len(LINES) + 1


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE bill_line SET insurance = 1 WHERE insurance = 4",
        "UPDATE bill_line SET insurance = 6 WHERE insurance = 4",
        "UPDATE bill_line SET region_code = 310001",
        "UPDATE bill_line SET bill_id = 9",
        "UPDATE bill_line SET contribution_month = NULL",
        "UPDATE bill_line SET rounding = 5",
        "UPDATE bill_line SET scope = 3",
        "DELETE FROM bill WHERE id = 2",
    ],
)
def test_a_rogue_line_is_refused(converted, broken):
    with pytest.raises(IntegrityError), converted.begin() as connection:
        connection.execute(text(broken))
