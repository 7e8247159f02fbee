"""An office of the version before: its words, months and regions become numbers, and come back."""

from datetime import UTC, date, datetime

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from siweb.db.migrate import alembic_config, migrate
from tests.migrated import lay, lay_schema

BEFORE, AFTER = "0048", "0049"
AT, DAY = datetime(2026, 2, 3, 8, tzinfo=UTC).isoformat(), date(2026, 2, 3).isoformat()
_OF_EMPLOYER = {
    "id": 7, "uscc": "91310000MA1FL0001A", "name": "甲公司", "region_code": "310000",
    "kind": "enterprise", "industry_code": "I65", "injury_class": 1,
    "injury_tier_ppm": 1_000_000, "established_on": DAY, "status": "active", "registered_at": AT,
}  # fmt: skip
_RECORD = {
    "person_id": 1, "region_code": "310000", "sequence": 0, "declared_base_fen": 5,
    "base_fen": 5, "employer_fen": 2, "employee_fen": 1, "account_fen": 1, "recorded_at": AT,
}  # fmt: skip
# In the order in which they refer to one another.
ROWS = [
    ("region", {
        "code": "310000", "name_zh": "上海", "name_en": "Shanghai", "pinyin": "shanghai",
        "province_zh": "上海", "province_en": "Shanghai", "is_hosted": True,
    }),
    ("employer", _OF_EMPLOYER),
    ("person", {
        "id": 1, "name": "王芳", "sex": "F", "born_on": DAY, "region_code": "310000",
        "retirement_category": "female55", "deemed_months": 0, "registered_at": AT,
    }),
    *(
        ("enrolment", {
            "id": number, "person_id": 1, "region_code": "310000", "insurance": insurance,
            "scheme": scheme, "employer_id": employer, "from_month": "2025-12", "to_month": end,
        })
        for number, (insurance, scheme, employer, end) in enumerate([
            ("pension", "employee", 7, None), ("medical", "flexible", None, "2026-01"),
            ("unemployment", "resident", None, None), ("work_injury", "employee", 7, None),
            ("maternity", "employee", 7, "2026-12"),
        ], 1)
    ),
    ("declared_base", {
        "id": 1, "person_id": 1, "employer_id": 7, "insurance": None, "from_month": "2025-12",
        "declared_base_fen": 5, "origin": "yearly", "declared_at": AT,
    }),
    *(
        ("contribution_record", _RECORD | {
            "id": number, "insurance": insurance, "scheme": "employee", "employer_id": 7,
            "contribution_month": month, "kind": kind,
        })
        for number, (insurance, month, kind) in enumerate([
            ("pension", "2025-12", "regular"), ("work_injury", "2026-01", "back_payment"),
            ("medical", "2026-01", "adjustment"), ("maternity", "2026-02", "reversal"),
        ], 1)
    ),
    *(
        ("account_entry", {
            "id": number, "person_id": 1, "year": 2026, "kind": kind,
            "contribution_month": "2025-12", "interest_month": interest, "amount_fen": 1,
            "posted_on": DAY, "recorded_on": DAY,
        })
        for number, (kind, interest) in enumerate([
            ("opening", None), ("credit", "2026-01"), ("interest", None),
            ("provisional_interest", None), ("transfer_in", None), ("transfer_out", None),
            ("inheritance", None), ("reversal", None),
        ], 1)
    ),
]  # fmt: skip


@pytest.fixture
def office(empty_engine):
    """An engine on an office as the version before leaves it."""
    lay(empty_engine, "codes_before", make_before)
    return empty_engine


@pytest.fixture(scope="module")
def converted(kept_engine):
    """An engine on such an office as it came over."""
    lay(kept_engine, "codes_after", convert)
    return kept_engine


def make_before(engine):
    lay_schema(engine, BEFORE)
    insert_rows(engine, ROWS)


def convert(engine):
    lay(engine, "codes_before", make_before)
    migrate(engine, AFTER)


def insert_rows(engine, rows):
    with engine.begin() as connection:
        for table, row in rows:
            names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)


def rows_of(engine):
    with engine.connect() as connection:
        return {
            table: [
                tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))
            ]
            for table in dict.fromkeys(table for table, _row in ROWS)
        }


def test_everything_becomes_a_number_and_comes_back_as_it_was(office):
    before = rows_of(office)

    migrate(office, AFTER)
    numbers = rows_of(office)
    command.downgrade(alembic_config(office), BEFORE)

    assert rows_of(office) == before
    assert {table: len(rows) for table, rows in numbers.items()} == {
        table: len(rows) for table, rows in before.items()
    }
    assert numbers["region"][0][0] == 310000
    with office.connect() as connection:
        assert "310000" in connection.execute(text("SELECT code FROM region")).one()


def test_each_word_becomes_its_own_number(converted):
    query = "SELECT insurance, scheme, from_month, to_month, region_code FROM enrolment ORDER BY id"

    with converted.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
        kinds = connection.scalars(text("SELECT kind FROM account_entry ORDER BY id")).all()

    assert found == [
        (1, 1, 202512, None, 310000),
        (2, 2, 202512, 202601, 310000),
        (3, 3, 202512, None, 310000),
        (4, 1, 202512, None, 310000),
        (5, 1, 202512, 202612, 310000),
    ]
    assert kinds == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE enrolment SET scheme = 2 WHERE id = 1",  # with an employer
        "UPDATE enrolment SET to_month = 202511 WHERE id = 5",
        "UPDATE enrolment SET region_code = 310001 WHERE id = 1",
        "UPDATE contribution_record SET contribution_month = 202513 WHERE id = 1",
        "UPDATE contribution_record SET kind = 5 WHERE id = 1",
        "UPDATE region SET code = 31",
        "UPDATE enrolment SET insurance = 1, region_code = 310000 WHERE id = 4",  # open twice
    ],
)
def test_what_the_database_refused_it_still_refuses(converted, broken):
    with pytest.raises(IntegrityError), converted.begin() as connection:
        connection.execute(text(broken))


def test_no_view_stands_in_the_way_of_the_next_migration(office):
    migrate(office)
    shown = inspect(office).get_view_names()
    command.downgrade(alembic_config(office), BEFORE)

    assert "v_contribution_record" in shown
    assert not inspect(office).get_view_names()
