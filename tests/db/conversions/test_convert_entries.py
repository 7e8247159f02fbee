"""Entries of accounts keep their numbers, and get the region of their record or their person."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from siweb.db.migrate import alembic_config, migrate
from tests.db.conversions.test_convert_codes import insert_rows
from tests.db.conversions.test_convert_keys import REGION, person
from tests.db.conversions.test_convert_keys import ROWS as REGISTER
from tests.migrated import lay, lay_schema

BEFORE, AFTER = "0056", "0057"
DAY, EARLY = "2026-01-31", "1969-12-30"
ELSEWHERE = {
    "code": 110000, "name_zh": "北京", "name_en": "Beijing", "pinyin": "beijing",
    "province_zh": "北京", "province_en": "Beijing", "is_hosted": True,
}  # fmt: skip
# As SQLite and PostgreSQL keep days and instants of a record.
RECORD = {
    "region_code": REGION, "contribution_month": 202512, "person_id": 1, "insurance": 1,
    "insuring_employer_id": 0, "sequence": 0, "scheme": 1, "employer_id": 7, "kind": 1,
    "declared_base_fen": 5, "base_fen": 5, "employer_fen": 2, "employee_fen": 1, "account_fen": 1,
}  # fmt: skip
RECORDED = {"sqlite": 1_770_105_605_120_034, "postgresql": "2026-02-03 08:00:05.120034+00:00"}
ENTRY = {"year": 2025, "kind": 2, "amount_fen": 1, "posted_on": DAY, "recorded_on": DAY}
OF_RECORD = {
    "region_code": REGION, "contribution_month": 202512, "record_insurance": 1,
    "record_employer_id": 0, "record_sequence": 0,
}  # fmt: skip
ENTRIES = (
    ENTRY | OF_RECORD | {"id": 21, "person_id": 1},
    ENTRY | {"id": 22, "person_id": 3, "kind": 1, "posted_on": EARLY},
    ENTRY | {"id": 23, "person_id": 1, "kind": 3, "rate_ppm": 15_000},
)


@pytest.fixture
def office(empty_engine):
    """An engine on an office as the version before leaves it; somebody is registered elsewhere."""
    lay(empty_engine, "entries_before", make_before)
    return empty_engine


@pytest.fixture(scope="module")
def converted(kept_engine):
    """An engine on such an office as it came over."""
    lay(kept_engine, "entries_after", convert)
    return kept_engine


@pytest.fixture
def own_converted(empty_engine):
    """One that a test may change."""
    lay(empty_engine, "entries_after", convert)
    return empty_engine


def make_before(engine):
    lay_schema(engine, BEFORE)
    register = [row for row in REGISTER if row[0] in {"region", "employer", "person"}]
    insert_rows(engine, [("region", ELSEWHERE), *register])
    insert_rows(engine, [("person", person(3) | {"region_code": ELSEWHERE["code"]})])
    recorded = {"recorded_at": RECORDED[engine.dialect.name]}
    insert_rows(engine, [("contribution_record", RECORD | recorded)])
    insert_rows(engine, [("account_entry", row) for row in ENTRIES])


def convert(engine):
    lay(engine, "entries_before", make_before)
    migrate(engine, AFTER)


def rows_of(engine, query):
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


def test_entries_keep_their_numbers_and_say_their_region(converted):
    named = "SELECT person_id, entry_number, region_code FROM account_entry ORDER BY entry_number"
    assert [tuple(row.values()) for row in rows_of(converted, named)] == [
        (1, 21, REGION),
        (3, 22, 110000),
        (1, 23, REGION),
    ]


def test_they_come_back_as_they_were(office):
    everything = "SELECT * FROM account_entry ORDER BY id"
    before = rows_of(office, everything)

    migrate(office, AFTER)
    command.downgrade(alembic_config(office), BEFORE)

    assert rows_of(office, everything) == before


def test_numbers_of_two_people_are_told_apart_when_the_office_goes_back(own_converted):
    again = ENTRY | {"person_id": 3, "region_code": REGION, "entry_number": 21}
    if own_converted.dialect.name == "sqlite":
        again |= {"posted_on": 20_500, "recorded_on": 20_500}
    else:
        again |= {"entry_number": 24}  # there one sequence counts for everybody
    insert_rows(own_converted, [("account_entry", again)])

    command.downgrade(alembic_config(own_converted), BEFORE)

    rows = rows_of(own_converted, "SELECT id, person_id FROM account_entry ORDER BY id")
    assert [row["person_id"] for row in rows] == [1, 3, 1, 3]
    assert [row["id"] for row in rows[:3]] == [21, 22, 23]


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE account_entry SET entry_number = 23 WHERE entry_number = 21",
        "UPDATE account_entry SET region_code = 110000 WHERE entry_number = 21",  # of a record
        "UPDATE account_entry SET region_code = 310001 WHERE entry_number = 22",
        "UPDATE account_entry SET region_code = NULL WHERE entry_number = 22",
        "UPDATE account_entry SET person_id = 9 WHERE entry_number = 22",
        "UPDATE account_entry SET record_sequence = 1 WHERE entry_number = 21",
        "UPDATE account_entry SET record_sequence = NULL WHERE entry_number = 21",
        "UPDATE account_entry SET record_employer_id = 7 WHERE entry_number = 22",
        "UPDATE account_entry SET contribution_month = NULL WHERE entry_number = 21",
        "DELETE FROM contribution_record",
    ],
)
def test_a_rogue_entry_is_refused(converted, broken):
    with pytest.raises(IntegrityError), converted.begin() as connection:
        connection.execute(text(broken))
