"""Lines of the activity log say their region; the chain of before holds, and so does what follows."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from alembic import command

from siweb.audit.chain.hashing import FIRST
from siweb.audit.chain.prove import chain_faults
from siweb.audit.chain.seal import seal_lines
from siweb.db.engine import make_sessions
from siweb.db.migrate import alembic_config, migrate
from tests.audit.activity_log import KEYS, write_lines
from tests.db.conversions.test_convert_codes import insert_rows
from tests.db.conversions.test_convert_entries import rows_of
from tests.db.conversions.test_convert_keys import ROWS as REGISTER
from tests.migrated import lay_schema

BEFORE, AFTER = "0084", "0085"
AT = datetime(2026, 2, 3, 8, tzinfo=UTC)
LINE = {
    "at": "2026-02-03 08:00:00+00:00", "account_id": 1, "person_id": None, "employer_id": None,
    "channel": "web", "action": "t", "subject_kind": "t", "subject_id": "1", "facts": "{}",
}  # fmt: skip
LINES = (
    LINE | {"id": 3, "person_id": 1},
    LINE | {"id": 4, "employer_id": 7},
    LINE | {"id": 5},
    # A person who is in no register any more.
    LINE | {"id": 9, "person_id": 77},
)


@pytest.fixture
def office(empty_engine):
    """An engine on an office of before: three lines in the chain, one that waits."""
    lay_schema(empty_engine, BEFORE)
    insert_rows(
        empty_engine, [row for row in REGISTER if row[0] in {"region", "employer", "person"}]
    )
    insert_rows(empty_engine, [("activity", line) for line in LINES])
    previous, links = FIRST, []
    for position, line in enumerate(LINES[:3], 1):
        read = SimpleNamespace(**line | {"at": AT, "facts": {}})
        previous = KEYS.link_hash(KEYS.mark, previous, position, read, AT, 1)
        links.append(
            {
                "position": position, "activity_id": line["id"], "key_mark": KEYS.mark,
                "link_hash": previous, "sealed_at": LINE["at"],
            }
        )  # fmt: skip
    insert_rows(empty_engine, [("activity_link", link) for link in links])
    waits = {"activity_id": 9, "written_at": LINE["at"]}
    insert_rows(empty_engine, [("activity_unsealed", waits)])
    return empty_engine


def named(engine, table, number):
    rows = rows_of(engine, f"SELECT {number}, region_code FROM {table} ORDER BY {number}")
    return [tuple(row.values()) for row in rows]


def faults(engine):
    with make_sessions(engine)() as session:
        return list(chain_faults(session, KEYS))


def test_lines_say_their_region_and_the_chain_of_before_holds(office):
    migrate(office, AFTER)

    assert named(office, "activity", "id") == [(3, 310000), (4, 310000), (5, 0), (9, 0)]
    assert named(office, "activity_link", "activity_id") == [(3, 310000), (4, 310000), (5, 0)]
    assert named(office, "activity_unsealed", "activity_id") == [(9, 0)]
    assert faults(office) == []


def test_who_goes_back_keeps_the_links_of_before_and_what_came_since_waits(office):
    migrate(office, AFTER)
    with make_sessions(office).begin() as session:
        write_lines(session, 1, 2)
    with make_sessions(office).begin() as session:
        assert seal_lines(session, KEYS, at=AT) == 3
        write_lines(session, 3)
    assert faults(office) == []

    command.downgrade(alembic_config(office), BEFORE)

    kept = rows_of(office, "SELECT activity_id FROM activity_link ORDER BY position")
    assert [row["activity_id"] for row in kept] == [3, 4, 5]
    waiting = rows_of(office, "SELECT activity_id FROM activity_unsealed ORDER BY activity_id")
    assert [row["activity_id"] for row in waiting] == [9, 10, 11, 12]
    migrate(office, AFTER)
    with make_sessions(office).begin() as session:
        assert seal_lines(session, KEYS, at=AT) == 4
    assert faults(office) == []
