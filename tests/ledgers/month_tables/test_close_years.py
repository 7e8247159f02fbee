"""The years before last year are rolled up, region by region, each in a transaction of its own."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from siweb.db.migrate import migrate
from siweb.ledgers.close_years import close_years
from siweb.ledgers.tables.contribution_record import hold_record_month, hold_records_of
from tests.db.conversions.test_convert_codes import insert_rows
from tests.db.conversions.test_convert_month_tables import BEFORE, ROWS, content, parts
from tests.migrated import lay_schema, own_postgresql

pytestmark = pytest.mark.postgresql
_UNPROVED = text("SELECT count(*) FROM pg_constraint WHERE NOT convalidated")


@pytest.fixture
def office(postgresql_url):
    """Records of 2023, December 2025 and January 2026 in one region, of January 2026 in another."""
    with own_postgresql(postgresql_url, "close_years") as engine:
        lay_schema(engine, BEFORE)
        insert_rows(engine, ROWS)
        migrate(engine)
        yield engine


def test_what_comes_before_a_first_levy_lies_in_parts(office):
    """As when an earlier system's records are brought in to a region that was just opened."""
    with office.begin() as connection:
        hold_records_of(connection, "330000")
        hold_record_month(connection, "330000", "2020-05")
        hold_records_of(connection, "330000")
        hold_record_month(connection, "330000", "2020-06")

    assert {part for part in parts(office) if "_330000" in part} == {
        "contribution_record_330000",
        "contribution_record_330000_2020",
    }


def close(office, on):
    with Session(office) as session:
        closed = []
        for year in close_years(session, on=on):
            session.commit()
            closed.append(year)
        session.commit()
        return closed, session.scalar(_UNPROVED)


def test_nothing_of_this_year_and_last_year_is_closed(office):
    before = parts(office)

    assert close(office, date(2026, 12, 31)) == ([], 0)
    assert parts(office) == before


def test_a_year_is_closed_once_in_each_region_and_keeps_its_rows(office):
    before = content(office)

    assert close(office, date(2027, 1, 1)) == ([("310000", 2025)], 0)
    assert close(office, date(2028, 1, 1)) == ([("110000", 2026), ("310000", 2026)], 0)
    assert close(office, date(2028, 1, 2)) == ([], 0)

    assert content(office) == before
    assert [part for part in parts(office) if len(part) > len("contribution_record_310000")] == [
        "contribution_record_110000_2026",
        *(f"contribution_record_310000_{year}" for year in (2023, 2025, 2026)),
    ]
