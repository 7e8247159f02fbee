"""A month is loaded out of sight, gets its key and is attached: then it is as if written row by row."""

import pytest
from sqlalchemy import func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from siweb.ledgers.month_tables.attach import attach, wait_for_turn
from siweb.ledgers.month_tables.bare import (
    bare_table,
    drop_bare,
    is_loading,
    make_bare,
    may_load,
)
from siweb.ledgers.month_tables.hold import hold_month, hold_region
from siweb.ledgers.month_tables.keys import give_key, missing_keys
from siweb.ledgers.month_tables.parts import full, part_of, parts_of
from tests.ledgers.month_tables.conftest import (
    ENTRY,
    MONTH,
    OTHER,
    RECORD,
    REGION,
    rows,
)

pytestmark = pytest.mark.postgresql
OPEN = 202501


def load(office, month=MONTH, region=REGION, number=1, **values):
    """Load a month bare."""
    bare = bare_table(RECORD, region, month, number)
    with office.begin() as connection:
        assert may_load(connection, RECORD, region, month)
        make_bare(connection, bare, RECORD, region, month)
        connection.execute(insert(bare), rows(month, region, **values))
    return bare


def give_keys(office, bare):
    with office.connect() as connection:
        for statement in list(missing_keys(connection, bare, RECORD)):
            give_key(connection, statement)
            connection.commit()


def attach_month(office, bare, month=MONTH, region=REGION):
    with office.begin() as connection:
        wait_for_turn(connection, RECORD)
        attach(connection, bare, RECORD, region, month)


def write_month(office, month=MONTH, region=REGION, number=1, **values):
    bare = load(office, month, region, number, **values)
    give_keys(office, bare)
    attach_month(office, bare, month, region)
    return bare


def count(office, table=RECORD):
    with office.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def shape(office, table, schema=None):
    """What a table declares, without the names of its indexes."""
    found = inspect(office)
    return {
        "columns": [
            (one["name"], str(one["type"]), one["nullable"])
            for one in found.get_columns(table, schema)
        ],
        "key": found.get_pk_constraint(table, schema)["constrained_columns"],
        "checks": sorted(one["sqltext"] for one in found.get_check_constraints(table, schema)),
        "indexes": sorted(tuple(one["column_names"]) for one in found.get_indexes(table, schema)),
        "references": sorted(
            (one["constrained_columns"], one["referred_table"])
            for one in found.get_foreign_keys(table, schema)
        ),
    }


def test_what_is_loaded_shows_only_when_it_is_attached(office):
    bare = load(office)
    give_keys(office, bare)
    assert count(office) == 0

    attach_month(office, bare)

    assert count(office) == count(office, bare) == 20
    assert shape(office, bare.name, bare.schema) == shape(office, "record")


def test_what_was_given_already_is_not_given_again(office):
    bare = load(office)
    with office.begin() as connection:
        first, *_rest = missing_keys(connection, bare, RECORD)
        give_key(connection, first)

    with office.connect() as connection:
        rest = list(missing_keys(connection, bare, RECORD))
    assert first.startswith("CREATE UNIQUE INDEX")
    assert ["PRIMARY KEY USING INDEX" in statement for statement in rest] == [True, False]


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"person_id": 999}, "attach"),
        ({"payer_id": 999}, "attach"),
        ({"fen": -1}, "load"),
        ({"contribution_month": 202602}, "load"),
        ({"region_code": OTHER}, "load"),
        ({"person_id": 1}, "key"),
    ],
)
def test_a_rogue_row_is_refused_by_what_the_whole_table_declares(office, values, at):
    if at == "load":
        with pytest.raises(IntegrityError):
            load(office, **values)
        return
    bare = load(office, people=[1, 2], **values)
    if at == "key":
        with pytest.raises(IntegrityError):
            give_keys(office, bare)
        return
    with office.begin() as connection:
        if "person_id" in values:
            connection.execute(text(f"DELETE FROM {bare} WHERE payer_id = 2"))
    give_keys(office, bare)
    with pytest.raises(IntegrityError):
        attach_month(office, bare)
    assert count(office) == 0


def test_a_part_that_is_attached_goes_on_refusing(office):
    write_month(office)
    for rogue in ({"person_id": 999}, {"payer_id": 999, "sequence": 1}, {}, {"fen": -1}):
        with pytest.raises(IntegrityError), office.begin() as connection:
            connection.execute(insert(RECORD), rows(people=[1], **rogue))


def test_corrections_and_entries_are_written_as_to_any_table(office):
    write_month(office)
    key = {"region_code": REGION, "contribution_month": MONTH, "person_id": 1}

    with office.begin() as connection:
        connection.execute(insert(RECORD), rows(people=[1], sequence=1))
        connection.execute(insert(ENTRY), [key | {"sequence": 1}])

    with pytest.raises(IntegrityError), office.begin() as connection:
        connection.execute(insert(ENTRY), [key | {"sequence": 2}])
    with pytest.raises(IntegrityError), office.begin() as connection:
        connection.execute(RECORD.delete())


def test_a_month_with_rows_is_not_loaded_bare(office):
    write_month(office)
    with office.begin() as connection:
        assert not may_load(connection, RECORD, REGION, MONTH)
        # Rows of a region that has no part lie among the rest, and are as good as any.
        connection.execute(insert(RECORD), rows(region=OTHER))
        assert not may_load(connection, RECORD, OTHER, MONTH)
        assert not hold_region(connection, RECORD, OTHER)
    assert count(office) == 40


def test_a_month_is_held_for_single_rows_and_a_closed_year_as_a_whole(office):
    with office.begin() as connection:
        assert hold_region(connection, RECORD, REGION)
        for person, month in enumerate((202503, 202312, 202303, 202503, 202412), 1):
            hold_month(connection, RECORD, REGION, month, open_from=OPEN)
            connection.execute(insert(RECORD), rows(month, people=[person]))

        assert [(part.first, part.behind) for part in parts_of(connection, RECORD, REGION)] == [
            (202301, 202401), (202401, 202501), (202503, 202504),
        ]  # fmt: skip
        # A region without a part needs none.
        hold_month(connection, RECORD, OTHER, MONTH, open_from=OPEN)
        connection.execute(insert(RECORD), rows(region=OTHER))


def test_december_ends_where_the_next_year_begins(office):
    write_month(office, 202512)
    write_month(office, 202601)
    with office.connect() as connection:
        assert part_of(connection, RECORD, REGION, 202512).behind == 202601


def test_a_table_that_is_loading_can_be_dropped_and_a_part_cannot(office):
    bare, part = load(office), write_month(office, 202602)
    with office.begin() as connection:
        assert is_loading(connection, bare)
        drop_bare(connection, bare)
        drop_bare(connection, part)
        assert not is_loading(connection, bare)
        assert not is_loading(connection, part)
    assert count(office) == 20
    assert inspect(office).has_table(part.name, part.schema)
    assert full(part.name) == str(part)
