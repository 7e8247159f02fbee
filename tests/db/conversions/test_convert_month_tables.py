"""An office of the version before: on PostgreSQL its records come to lie by region and month."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from siweb.db.migrate import alembic_config, migrate
from tests.db.conversions.test_convert_codes import insert_rows
from tests.db.conversions.test_convert_keys import DAY, REGION, employer, person
from tests.db.conversions.test_convert_records import rows_of
from tests.migrated import lay_schema

BEFORE, AFTER = "0059", "0060"
OTHER = 110000
KEY = "region_code, contribution_month, person_id, insurance, insuring_employer_id, sequence"


def region(code, name):
    return {
        "code": code, "name_zh": name, "name_en": name, "pinyin": name, "province_zh": name,
        "province_en": name, "is_hosted": True,
    }  # fmt: skip


def record(month, who=1, **others):
    return {
        "region_code": REGION, "contribution_month": month, "person_id": who, "insurance": 1,
        "insuring_employer_id": 0, "sequence": 0, "scheme": 1, "employer_id": 7, "kind": 1,
        "declared_base_fen": 5, "base_fen": 5, "employer_fen": 2, "employee_fen": 1,
        "account_fen": 1, "paid_on": DAY, "levy_run_id": None,
        "recorded_at": "2026-02-03 08:00:05.120034",
    } | others  # fmt: skip


ENTRY = {
    "entry_number": 21, "person_id": 1, "year": 2023, "kind": 2, "region_code": REGION,
    "contribution_month": 202302, "record_insurance": 1, "record_employer_id": 0,
    "record_sequence": 1, "amount_fen": 1, "posted_on": DAY, "recorded_on": DAY,
}  # fmt: skip
ROWS = [
    ("region", region(REGION, "上海")),
    ("region", region(OTHER, "北京")),
    ("employer", employer(7)),
    ("person", person(1)),
    ("person", person(2)),
    *(("contribution_record", record(month)) for month in (202301, 202302, 202512, 202601)),
    ("contribution_record", record(202302, sequence=1, kind=3)),
    ("contribution_record", record(202601, who=2, insurance=4, insuring_employer_id=7)),
    ("contribution_record", record(202601, region_code=OTHER, who=2, kind=2)),
    ("account_entry", ENTRY),
]
PARTS = [
    f"contribution_record_{part}"
    for part in ("110000", "110000_202601", "310000", "310000_2023", "310000_202512")
] + ["contribution_record_310000_202601", "contribution_record_rest"]
_PARTS = text(
    "SELECT relname FROM pg_class WHERE relispartition AND relkind IN ('r', 'p') ORDER BY 1"
)


BROKEN = (
    "UPDATE contribution_record SET person_id = 3 WHERE insurance = 4",
    "UPDATE contribution_record SET employer_id = 8 WHERE insurance = 1",
    "UPDATE contribution_record SET region_code = 330000 WHERE kind = 2",
    "UPDATE contribution_record SET sequence = 0 WHERE contribution_month = 202302",
    "UPDATE contribution_record SET contribution_month = 202601 WHERE region_code = 310000",
    "UPDATE contribution_record SET insuring_employer_id = 0 WHERE insurance = 4",
    "UPDATE account_entry SET record_sequence = 2",
    "DELETE FROM contribution_record WHERE sequence = 1",
)
pytestmark = pytest.mark.postgresql


@pytest.fixture
def office(empty_postgresql):
    """An engine on an office as the version before leaves it."""
    lay_schema(empty_postgresql, BEFORE)
    insert_rows(empty_postgresql, ROWS)
    return empty_postgresql


def content(engine):
    return rows_of(engine, "contribution_record", KEY), rows_of(
        engine, "account_entry", "entry_number"
    )


def parts(engine):
    with engine.connect() as connection:
        return list(connection.scalars(_PARTS))


def test_every_record_is_where_it_was_and_comes_back(office):
    before = content(office)

    migrate(office, AFTER)

    assert content(office) == before
    assert parts(office) == PARTS
    command.downgrade(alembic_config(office), BEFORE)
    assert content(office) == before


def test_what_breaks_a_reference_or_a_key_is_refused(office):
    migrate(office, AFTER)

    for broken in BROKEN:
        with pytest.raises(IntegrityError), office.begin() as connection:
            connection.execute(text(broken))
