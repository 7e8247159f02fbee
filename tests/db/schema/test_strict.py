"""Tables of SQLite refuse values of a wrong kind, before and after they are built anew."""

from importlib import import_module

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from siweb import schema
from siweb.db import engine as engines
from siweb.db.engine import make_engine
from tests.migrated import lay_schema

make_strict = import_module("siweb.db.migrations.versions.0043_strict_tables").make_strict

# As versions before this one made their tables.
LOOSE = """
CREATE TABLE kept (
	id INTEGER NOT NULL,
	name VARCHAR(24) NOT NULL,
	kind VARCHAR(24) CONSTRAINT ck_kept_kind CHECK (kind IN ('DATE', 'JSON')),
	seen_on DATE,
	"at" DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL,
	facts JSON NOT NULL,
	is_done BOOLEAN NOT NULL,
	fen BIGINT, part SMALLINT, mark BLOB,
	earlier_id INTEGER,
	CONSTRAINT pk_kept PRIMARY KEY (id),
	CONSTRAINT uq_kept_name UNIQUE (name, part),
	FOREIGN KEY(earlier_id) REFERENCES kept (id)
)
"""
INDEX = "CREATE UNIQUE INDEX ux_kept ON kept (name, (CASE WHEN part = 1 THEN fen ELSE 0 END))"
ROW = (
    1, "a", "DATE", "2026-11-29", "2026-11-29 08:00:00.000000", "17", 1, 10**12, 2, b"\x00", None,
)  # fmt: skip
STRICT = {"sqlite_strict": True}
BOTH = {"sqlite_strict": True, "sqlite_with_rowid": False}


@pytest.fixture
def empty(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'strict.sqlite3'}")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def loose(empty):
    empty.exec_driver_sql(LOOSE)
    empty.exec_driver_sql(INDEX)
    empty.exec_driver_sql(f"INSERT INTO kept VALUES ({', '.join('?' * len(ROW))})", ROW)
    return empty


def words(connection, table):
    """What SQLite keeps of a table behind its columns."""
    return sa.inspect(connection).get_table_options(table)


def test_every_table_is_strict_and_lies_as_its_model_says(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    lay_schema(engine)
    found = {name: words(engine, name) for name in sa.inspect(engine).get_table_names()}
    engine.dispose()

    assert all(each["sqlite_strict"] for each in found.values())
    assert {name for name, each in found.items() if each == BOTH} == {
        name
        for name, table in schema.metadata.tables.items()
        if not table.dialect_options["sqlite"]["with_rowid"]
    }


@pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=str)
def test_only_a_natural_key_orders_the_rows(table):
    """Beside a number that SQLite counts, a second order would cost and serve nobody."""
    if not table.dialect_options["sqlite"]["with_rowid"]:
        assert table.autoincrement_column is None


def test_a_loose_table_becomes_strict_with_all_that_hangs_on_it(loose):
    make_strict(loose, "kept", clustered=False)

    assert words(loose, "kept") == STRICT
    (row,) = loose.exec_driver_sql("SELECT * FROM kept")
    assert tuple(row) == ROW
    columns = {each["name"]: str(each["type"]) for each in sa.inspect(loose).get_columns("kept")}
    assert set(columns.values()) == {"INTEGER", "TEXT", "BLOB"}
    assert columns["facts"] == columns["at"] == columns["kind"] == "TEXT"
    kept = loose.scalars(text("SELECT sql FROM sqlite_master WHERE name = 'ux_kept'")).all()
    assert kept == [INDEX]
    assert sa.inspect(loose).get_foreign_keys("kept")[0]["referred_table"] == "kept"
    with pytest.raises(IntegrityError, match="ck_kept_kind"):
        loose.exec_driver_sql("UPDATE kept SET kind = 'TEXT'")


def test_a_value_of_a_wrong_kind_is_refused(loose):
    make_strict(loose, "kept", clustered=False)

    with pytest.raises(IntegrityError, match="cannot store TEXT value in INTEGER"):
        loose.exec_driver_sql("UPDATE kept SET fen = 'ten'")


def test_what_is_strict_already_is_left_alone(loose):
    make_strict(loose, "kept", clustered=False)
    pages = loose.exec_driver_sql("PRAGMA schema_version").scalar()

    make_strict(loose, "kept", clustered=False)

    assert loose.exec_driver_sql("PRAGMA schema_version").scalar() == pages


def test_rows_lie_in_the_order_of_the_key_when_asked(loose):
    make_strict(loose, "kept", clustered=True)

    assert words(loose, "kept") == BOTH


def test_a_batch_rebuild_keeps_both_words(empty):
    operations = Operations(MigrationContext.configure(empty))
    operations.create_table(
        "kept",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("part", sa.SmallInteger(), primary_key=True),
        sa.Column("fen", sa.BigInteger()),
        sqlite_with_rowid=False,
    )
    empty.exec_driver_sql("INSERT INTO kept VALUES ('2026-11', 1, 5)")

    with operations.batch_alter_table("kept", recreate="always") as batch:
        batch.add_column(sa.Column("on", sa.Date()))

    assert words(empty, "kept") == BOTH
    assert empty.exec_driver_sql("SELECT * FROM kept").all() == [("2026-11", 1, 5, None)]


def test_a_commit_waits_for_the_disk(tmp_path):
    """What was answered for is there when the power fails; tests alone are careless of it."""
    full = 2
    office = engines._sqlite_engine.__wrapped__(f"sqlite:///{tmp_path / 'office.sqlite3'}")

    with office.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == full

    office.dispose()
