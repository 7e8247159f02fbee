"""Months of a closed year become one part; what refers to them holds on, also after a kill between."""

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from siweb.ledgers.month_tables.hold import hold_month
from siweb.ledgers.month_tables.parts import parts_of
from siweb.ledgers.month_tables.years import prove_referring, roll_year
from tests.ledgers.month_tables.conftest import ENTRY, KEY, RECORD, REGION, rows
from tests.ledgers.month_tables.test_bare import OPEN, shape, write_month

pytestmark = pytest.mark.postgresql
MONTHS = (202301, 202302, 202312)


@pytest.fixture
def written(office):
    for number, month in enumerate((*MONTHS, 202401)):
        write_month(office, month, number=number)
    with office.begin() as connection:
        connection.execute(insert(RECORD), rows(202302, people=[5], sequence=1))
        connection.execute(
            insert(ENTRY).from_select(KEY, select(*(RECORD.c[name] for name in KEY)))
        )
    return office


def content(connection):
    return connection.execute(select(RECORD).order_by(*(RECORD.c[name] for name in KEY))).all()


def roll(office, year=2023):
    with office.begin() as connection:
        return roll_year(connection, RECORD, REGION, year)


def test_a_year_is_one_part_with_all_of_its_rows(written):
    with written.connect() as connection:
        before = content(connection)
        declared = shape(written, "record")

    assert roll(written) == len(MONTHS)

    with written.connect() as connection:
        assert content(connection) == before
        parts = parts_of(connection, RECORD, REGION)
        assert [(part.first, part.behind) for part in parts] == [(202301, 202401), (202401, 202402)]
    assert shape(written, parts[0].name, "month_table") == declared
    assert roll(written) == 0
    assert roll(written, 2022) == 0


def test_a_roll_that_is_undone_leaves_everything(written):
    with written.connect() as connection:
        before = content(connection)
        roll_year(connection, RECORD, REGION, 2023)
        connection.rollback()
        assert content(connection) == before
        assert len(parts_of(connection, RECORD, REGION)) == len(MONTHS) + 1


def test_references_to_the_year_hold_and_are_proved_again(written):
    roll(written)
    proved = text("SELECT convalidated FROM pg_constraint WHERE conname = 'fk_entry_record'")
    missing = {"region_code": REGION, "contribution_month": 202302, "person_id": 1, "sequence": 9}
    with written.connect() as connection:
        assert not connection.scalar(proved)
    with pytest.raises(IntegrityError), written.begin() as connection:
        connection.execute(insert(ENTRY), [missing])
    with pytest.raises(IntegrityError), written.begin() as connection:
        connection.execute(RECORD.delete())

    with written.begin() as connection:
        prove_referring(connection, RECORD)
        prove_referring(connection, RECORD)
        assert connection.scalar(proved)


def test_a_month_of_a_rolled_year_takes_corrections(written):
    roll(written)
    with written.begin() as connection:
        hold_month(connection, RECORD, REGION, 202305, open_from=OPEN)
        connection.execute(insert(RECORD), rows(202305, people=[1], sequence=3))
    with pytest.raises(IntegrityError), written.begin() as connection:
        connection.execute(insert(RECORD), rows(202305, people=[1], sequence=3))
