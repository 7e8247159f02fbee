"""The log of an office of before comes over with its hashes, and goes back with them."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import DateTime, bindparam, text

from siweb.audit.chain.prove import chain_faults
from siweb.db.engine import make_sessions
from siweb.db.migrate import SCRIPTS, alembic_config, migrate
from tests.audit.activity_log import KEYS, sealed_lines, write_lines
from tests.migrated import lay_schema

SCRIPTS_OF_ALL = ScriptDirectory(str(SCRIPTS)).walk_revisions()
# What the office of before stands at, wherever the chain's migration comes in the line.
(BEFORE,) = (one.down_revision for one in SCRIPTS_OF_ALL if one.path.endswith("_activity_chain.py"))
START = datetime(2026, 8, 1, 2, 0, 0, 123456, tzinfo=UTC)
INSERT = text(
    "INSERT INTO activity (at, account_id, person_id, employer_id, channel, action, subject_kind,"
    " subject_id, facts, previous_hash, row_hash) VALUES (:at, 1, NULL, :employer, 'web', 'a.b',"
    " 'a', :number, :facts, :previous, :hash)"
).bindparams(bindparam("at", type_=DateTime(timezone=True)))
HASHES = text("SELECT previous_hash, row_hash FROM activity ORDER BY id")


def write_old(connection, lines):
    """Write lines as the version before chained them."""
    previous = "0" * 64
    for number in range(1, lines + 1):
        at, facts = START + timedelta(hours=number), {"names": ["张伟"], "n": number}
        employer = number if number % 2 else None
        hashed = [previous, at.isoformat(), 1, None, "web", "a.b", "a", str(number), facts]
        if employer is not None:
            hashed.append(employer)
        line = json.dumps(hashed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        row_hash = hashlib.sha256(line.encode()).hexdigest()
        connection.execute(
            INSERT,
            {
                "at": at,
                "employer": employer,
                "number": str(number),
                "facts": json.dumps(facts, ensure_ascii=False),
                "previous": previous,
                "hash": row_hash,
            },
        )
        previous = row_hash
    return previous


@pytest.fixture
def old_office(empty_engine):
    lay_schema(empty_engine, BEFORE)
    with empty_engine.begin() as connection:
        write_old(connection, 5)
    return empty_engine


def faults(engine):
    with make_sessions(engine)() as session:
        return list(chain_faults(session, KEYS))


def test_old_hashes_become_the_first_links(old_office):
    migrate(old_office)

    assert faults(old_office) == [
        "activity: the chain of before is under no key yet; run siweb migrate"
    ]
    with make_sessions(old_office).begin() as session:
        sealed_lines(session, 6)
    assert faults(old_office) == []


def test_a_line_that_was_changed_before_it_came_over_is_named_after(old_office):
    with old_office.begin() as connection:
        connection.execute(text("UPDATE activity SET subject_id = '9' WHERE id = 2"))
    migrate(old_office)
    with make_sessions(old_office).begin() as session:
        sealed_lines(session, 6)

    assert faults(old_office) == ["activity 2: not as it was sealed, or not in its place"]


def test_old_links_that_are_changed_after_are_named_by_the_first_under_the_key(old_office):
    migrate(old_office)
    with make_sessions(old_office).begin() as session:
        sealed_lines(session, 6)
    with old_office.begin() as connection:
        connection.execute(
            text(
                "UPDATE activity_link SET link_hash = x'00' WHERE position = 5"
                if old_office.dialect.name == "sqlite"
                else "UPDATE activity_link SET link_hash = '\\x00' WHERE position = 5"
            )
        )

    assert [line[:10] for line in faults(old_office)] == ["activity 5", "activity 6"]


def test_going_back_keeps_the_old_hashes_and_chains_the_lines_since(old_office):
    with old_office.connect() as connection:
        old = connection.execute(HASHES).all()
    migrate(old_office)
    with make_sessions(old_office).begin() as session:
        sealed_lines(session, 6)
        write_lines(session, 7)

    command.downgrade(alembic_config(old_office), BEFORE)

    with old_office.connect() as connection:
        back = connection.execute(HASHES).all()
    assert back[:5] == old
    assert len(back) == 7
    assert [line.previous_hash for line in back[1:]] == [line.row_hash for line in back[:-1]]
    migrate(old_office)
    assert faults(old_office) == [
        "activity: the chain of before is under no key yet; run siweb migrate"
    ]
