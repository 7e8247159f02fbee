"""Rows that a number named get their natural keys, and numbers again when the office goes back."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from siweb.db.migrate import alembic_config, migrate
from tests.db.conversions.test_convert_codes import insert_rows
from tests.migrated import lay, lay_schema

BEFORE = "0050"
AT, DAY = "2026-02-03 08:00:00+00:00", "2026-02-03"
REGION = 310000


def employer(number):
    return {
        "id": number, "uscc": f"91310000MA1FL000{number}A", "name": f"甲{number}公司",
        "region_code": REGION, "kind": "enterprise", "industry_code": "I65", "injury_class": 1,
        "injury_tier_ppm": 1_000_000, "established_on": DAY, "status": "active",
        "registered_at": AT,
    }  # fmt: skip


def person(number):
    return {
        "id": number, "name": "王芳", "sex": "F", "born_on": DAY, "region_code": REGION,
        "retirement_category": "female55", "deemed_months": 0, "registered_at": AT,
    }  # fmt: skip


def enrolment(number, who, insurance, whose, from_month, to_month):
    return {
        "id": number, "person_id": who, "region_code": REGION, "insurance": insurance,
        "scheme": 1 if whose else 2, "employer_id": whose, "from_month": from_month,
        "to_month": to_month,
    }  # fmt: skip


# In the order in which they refer to one another; people come in another order than numbers.
ROWS = [
    ("region", {
        "code": REGION, "name_zh": "上海", "name_en": "Shanghai", "pinyin": "shanghai",
        "province_zh": "上海", "province_en": "Shanghai", "is_hosted": True,
    }),
    ("employer", employer(7)),
    ("employer", employer(8)),
    ("person", person(1)),
    ("person", person(2)),
    ("enrolment", enrolment(1, 2, 1, 7, 202512, 202512)),
    ("enrolment", enrolment(2, 1, 4, 7, 202512, None)),
    ("enrolment", enrolment(3, 1, 4, 8, 202512, None)),
    ("enrolment", enrolment(4, 2, 1, 8, 202512, 202512)),
    ("enrolment", enrolment(5, 2, 1, None, 202512, None)),
    ("enrolment", enrolment(6, 2, 4, None, 202601, None)),
]  # fmt: skip


@pytest.fixture
def office(empty_engine):
    """An engine on an office as the version before leaves it."""
    lay(empty_engine, "keys_before", make_before)
    return empty_engine


@pytest.fixture(scope="module")
def converted(kept_engine):
    """An engine on such an office as it came over."""
    lay(kept_engine, "keys_after", convert)
    return kept_engine


def make_before(engine):
    lay_schema(engine, BEFORE)
    insert_rows(engine, ROWS)


def convert(engine):
    lay(engine, "keys_before", make_before)
    migrate(engine)


def rows(engine, query):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


ENROLMENTS = (
    "SELECT person_id, insurance, scheme, employer_id, region_code, from_month, to_month"
    " FROM enrolment ORDER BY {}"
)


def test_enrolments_are_told_apart_by_employer_and_order(converted):
    assert rows(
        converted,
        "SELECT person_id, insurance, insuring_employer_id, from_month, sequence, employer_id"
        " FROM enrolment ORDER BY region_code, person_id, insurance, insuring_employer_id,"
        " from_month, sequence",
    ) == [
        (1, 4, 7, 202512, 0, 7),
        (1, 4, 8, 202512, 0, 8),
        (2, 1, 0, 202512, 0, 7),
        (2, 1, 0, 202512, 1, 8),
        (2, 1, 0, 202512, 2, None),
        (2, 4, 0, 202601, 0, None),
    ]


def test_enrolments_come_back_as_they_were(office):
    in_order = ENROLMENTS.format("person_id, insurance, employer_id, from_month")
    before = rows(office, in_order)

    migrate(office)
    command.downgrade(alembic_config(office), BEFORE)

    assert rows(office, in_order) == before
    # Of one month the earlier has the smaller number again.
    assert rows(
        office,
        "SELECT employer_id FROM enrolment WHERE person_id = 2 AND insurance = 1 ORDER BY id",
    ) == [(7,), (8,), (None,)]


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE enrolment SET insuring_employer_id = 0 WHERE employer_id = 7 AND insurance = 4",
        "UPDATE enrolment SET insuring_employer_id = 7 WHERE insurance = 1",
        "UPDATE enrolment SET sequence = 0 WHERE sequence = 1",
        "UPDATE enrolment SET to_month = NULL WHERE sequence = 1",  # open twice
        "UPDATE enrolment SET region_code = 310001 WHERE person_id = 1",
    ],
)
def test_a_rogue_enrolment_is_refused(converted, broken):
    with pytest.raises(IntegrityError), converted.begin() as connection:
        connection.execute(text(broken))
