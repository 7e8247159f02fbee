"""Rows of filings are named by filing, place and region; what is said of a row names it so too."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from siweb.db.migrate import alembic_config, migrate
from tests.db.conversions.test_convert_codes import insert_rows
from tests.db.conversions.test_convert_entries import rows_of
from tests.db.conversions.test_convert_keys import AT, REGION
from tests.db.conversions.test_convert_keys import ROWS as REGISTER
from tests.migrated import lay, lay_schema

BEFORE, AFTER = "0078", "0079"
FILING = {
    "employer_id": 7, "kind": "hire", "state": "confirmed", "origin": "form", "opened_at": AT,
}  # fmt: skip
ROW = {
    "filing_id": 1, "person_id": None, "row_values": "{}", "findings": "[]", "state": 1,
    "is_late": False, "number_digest": "d", "row_key": "k",
}  # fmt: skip
ROWS = (
    ROW | {"id": 1, "filing_id": 1, "position": 1, "state": 3, "person_id": 1},
    ROW | {"id": 2, "filing_id": 1, "position": 4, "state": 2},
    ROW | {"id": 3, "filing_id": 2, "position": 1, "state": 3, "row_key": "l", "person_id": 2},
)
ANSWERS = (
    {
        "id": 5,
        "filing_row_id": 3,
        "person_id": 2,
        "agrees": False,
        "words": "不对",
        "answered_at": AT,
    },
    {"id": 6, "filing_row_id": 1, "person_id": 1, "agrees": True, "words": "", "answered_at": AT},
)
HIRES = ({"filing_row_id": 1, "opened_at": AT}, {"filing_row_id": 3, "opened_at": AT})
TABLES = {"filing_row": ROWS, "declaration_answer": ANSWERS, "hire_follow_up": HIRES}


@pytest.fixture
def office(empty_engine):
    """An engine on an office as the version before leaves it."""
    lay(empty_engine, "filing_rows_before", make_before)
    return empty_engine


@pytest.fixture(scope="module")
def converted(kept_engine):
    """An engine on such an office as it came over."""
    lay(kept_engine, "filing_rows_after", convert)
    return kept_engine


def make_before(engine):
    lay_schema(engine, BEFORE)
    insert_rows(engine, [row for row in REGISTER if row[0] in {"region", "employer", "person"}])
    filings = (FILING | {"id": number, "reference": f"F{number}"} for number in (1, 2))
    insert_rows(engine, [("filing", row) for row in filings])
    for table, rows in TABLES.items():
        insert_rows(engine, [(table, row) for row in rows])


def convert(engine):
    lay(engine, "filing_rows_before", make_before)
    migrate(engine, AFTER)


def named(engine, table, *more):
    """Return how the rows of a table are named, in order."""
    columns = ", ".join(("filing_id", "position", "region_code", *more))
    rows = rows_of(engine, f"SELECT {columns} FROM {table} ORDER BY filing_id, position")
    return [tuple(row.values()) for row in rows]


def test_rows_and_what_is_said_of_them_are_named_by_filing_place_and_region(converted):
    rows = [(1, 1, REGION), (1, 4, REGION), (2, 1, REGION)]
    assert named(converted, "filing_row") == rows
    assert named(converted, "hire_follow_up") == [rows[0], rows[2]]
    assert named(converted, "declaration_answer", "id") == [(*rows[0], 6), (*rows[2], 5)]


def test_they_come_back_as_they_were(office):
    def everything():
        order = {"hire_follow_up": "filing_row_id"}
        asked = (f"SELECT * FROM {table} ORDER BY {order.get(table, 'id')}" for table in TABLES)
        return [rows_of(office, one) for one in asked]

    before = everything()

    migrate(office, AFTER)
    command.downgrade(alembic_config(office), BEFORE)

    assert everything() == before
    insert_rows(office, [("filing_row", ROW | {"filing_id": 2, "position": 2})])
    assert everything()[0][-1]["id"] == len(ROWS) + 1


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE filing_row SET position = 4 WHERE position = 1 AND filing_id = 1",
        "UPDATE filing_row SET row_key = 'k', state = 3 WHERE position = 4",
        "UPDATE filing_row SET state = 5 WHERE position = 4",
        "UPDATE filing_row SET region_code = 310001 WHERE position = 4",
        "UPDATE filing_row SET filing_id = 9 WHERE position = 4",
        "UPDATE filing_row SET person_id = 99",
        "DELETE FROM filing_row WHERE filing_id = 2",
        "UPDATE declaration_answer SET position = 9",
        "UPDATE hire_follow_up SET filing_id = 3 WHERE filing_id = 2",
        "UPDATE hire_follow_up SET filing_id = 1",
        "DELETE FROM filing WHERE id = 2",
    ],
)
def test_a_rogue_row_is_refused(converted, broken):
    with pytest.raises(IntegrityError), converted.begin() as connection:
        connection.execute(text(broken))
