"""Offices of before: who is open gets a claim; where two regions have somebody, the first."""

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from siweb.db.migrate import SCRIPTS, migrate
from tests.db.conversions.test_convert_codes import ROWS, insert_rows
from tests.migrated import lay_schema

SCRIPTS_OF_ALL = ScriptDirectory(str(SCRIPTS)).walk_revisions()
# Wherever the claims' migration comes in the line.
(CLAIMS,) = (one for one in SCRIPTS_OF_ALL if one.path.endswith("_enrolment_claims.py"))
BEFORE, AFTER = CLAIMS.down_revision, CLAIMS.revision


@pytest.fixture
def office(empty_engine):
    """An engine on an office of one person, open in three insurances since the same month."""
    lay_schema(empty_engine, "0048")
    insert_rows(empty_engine, ROWS)
    migrate(empty_engine, BEFORE)
    return empty_engine


def test_who_is_open_is_claimed_by_the_region_that_was_first(office):
    with office.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO region (code, name_zh, name_en, pinyin, province_zh, province_en,"
                " is_hosted) SELECT 110000, name_zh, name_en, pinyin, province_zh, province_en,"
                " is_hosted FROM region"
            )
        )
        connection.execute(
            text(
                "INSERT INTO enrolment (person_id, region_code, insurance, insuring_employer_id,"
                " scheme, from_month, sequence) VALUES (1, 110000, 1, 0, 2, 202511, 0),"
                " (1, 110000, 4, 0, 2, 202611, 0)"
            )
        )

    migrate(office, AFTER)

    query = (
        "SELECT person_id, insurance, employer_id, region_code FROM enrolment_claim ORDER BY 2, 3"
    )
    with office.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    assert found == [(1, 1, 0, 110000), (1, 3, 0, 310000), (1, 4, 0, 110000), (1, 4, 7, 310000)]
    assert {"person_id", "insurance", "employer_id"} == set(
        inspect(office).get_pk_constraint("enrolment_claim")["constrained_columns"]
    )
