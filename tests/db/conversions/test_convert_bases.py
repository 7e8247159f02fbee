"""Declared bases keep their numbers, and get the region of who declares."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from siweb.db.migrate import alembic_config, migrate
from tests.db.conversions.test_convert_codes import insert_rows
from tests.db.conversions.test_convert_entries import ELSEWHERE, rows_of
from tests.db.conversions.test_convert_keys import REGION, employer, person
from tests.db.conversions.test_convert_keys import ROWS as REGISTER
from tests.migrated import lay, lay_schema

BEFORE, AFTER = "0061", "0062"
BASE = {
    "person_id": 1, "employer_id": 7, "from_month": 202601, "declared_base_fen": 800_000,
    "origin": "yearly", "declared_at": "2026-01-05 08:00:05.120034",
}  # fmt: skip
BASES = (
    BASE | {"id": 41},
    BASE | {"id": 42, "insurance": 1},
    BASE | {"id": 43, "employer_id": None},
    BASE | {"id": 44, "employer_id": 9, "declared_at": "2026-01-05 08:00:05.000000"},
)


@pytest.fixture
def office(empty_engine):
    """An engine on an office as the version before leaves it; an employer is elsewhere."""
    lay(empty_engine, "bases_before", make_before)
    return empty_engine


@pytest.fixture(scope="module")
def converted(kept_engine):
    """An engine on such an office as it came over."""
    lay(kept_engine, "bases_after", convert)
    return kept_engine


def make_before(engine):
    lay_schema(engine, BEFORE)
    register = [row for row in REGISTER if row[0] in {"region", "employer"}]
    insert_rows(engine, [("region", ELSEWHERE), *register])
    insert_rows(engine, [("employer", employer(9) | {"region_code": ELSEWHERE["code"]})])
    insert_rows(engine, [("person", person(1))])
    insert_rows(engine, [("declared_base", row) for row in BASES])


def convert(engine):
    lay(engine, "bases_before", make_before)
    migrate(engine, AFTER)


def test_bases_keep_their_numbers_and_say_where_they_were_declared(converted):
    named = (
        "SELECT base_number, declaring_employer_id, region_code FROM declared_base"
        " ORDER BY base_number"
    )
    assert [tuple(row.values()) for row in rows_of(converted, named)] == [
        (41, 7, REGION),
        (42, 7, REGION),
        (43, 0, REGION),
        (44, 9, ELSEWHERE["code"]),
    ]


def test_they_come_back_as_they_were(office):
    everything = "SELECT * FROM declared_base ORDER BY id"
    before = rows_of(office, everything)

    migrate(office, AFTER)
    command.downgrade(alembic_config(office), BEFORE)

    assert rows_of(office, everything) == before


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE declared_base SET base_number = 41 WHERE base_number = 42",
        "UPDATE declared_base SET declaring_employer_id = 0 WHERE base_number = 41",
        "UPDATE declared_base SET employer_id = 9 WHERE base_number = 41",
        "UPDATE declared_base SET employer_id = 10, declaring_employer_id = 10",
        "UPDATE declared_base SET region_code = 310001",
        "UPDATE declared_base SET person_id = 9",
        "UPDATE declared_base SET insurance = 6",
        "UPDATE declared_base SET declared_base_fen = -1",
    ],
)
def test_a_rogue_base_is_refused(converted, broken):
    with pytest.raises(IntegrityError), converted.begin() as connection:
        connection.execute(text(broken))
