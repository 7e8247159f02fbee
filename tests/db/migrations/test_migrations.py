"""The migrations make what the models say, and can be taken back."""

import re
import subprocess
import sys
from functools import partial

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from siweb import schema
from siweb.db.base import BY_STATEMENT
from siweb.db.migrate import SCRIPTS, alembic_config, migrate
from siweb.db.migrations.one_version import is_current
from siweb.ledgers.month_tables.parts import SCHEMA
from tests.architecture.sources import PACKAGE, files
from tests.db.schema.test_expression_indexes import EXPRESSIONS
from tests.migrated import lay_schema

VERSIONS = "alembic_version"


def shape(engine):
    """Everything that the database says of its tables but the order."""
    found = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in found.get_columns(table)
            },
            # Of SQLite: STRICT, and whether the rows lie in the order of the key.
            "words": found.get_table_options(table),
            "key": found.get_pk_constraint(table)["constrained_columns"],
            "unique": names(found.get_unique_constraints(table)),
            "checks": names(found.get_check_constraints(table)),
            "indexes": {
                one["name"]: (one["unique"], tuple(one["column_names"]))
                for one in found.get_indexes(table)
            },
            "references": {
                tuple(one["constrained_columns"]): (one["referred_table"], one["options"])
                for one in references(found, table)
            },
        }
        for table in found.get_table_names()
        if table != VERSIONS
    }


def can_be_compared(thing, name, kind, reflected, _model, *, is_postgresql):
    """Whether the database tells enough: of an expression it tells its own spelling, or nothing.

    test_expression_indexes.py looks at those. What PostgreSQL keeps for parts is none of the
    models' either.
    """
    if kind == "foreign_key_constraint":
        if is_postgresql and not reflected and BY_STATEMENT in thing.table.info:
            return False  # test_set_references.py tries them
        return not thing.elements[0].target_fullname.startswith(f"{SCHEMA}.")
    return kind != "index" or name not in {index.name for index in EXPRESSIONS}


def reference_names(engine):
    found = inspect(engine)
    return {
        table: names(references(found, table))
        for table in found.get_table_names()
        if table != VERSIONS
    }


def references(found, table):
    """A reference to a table in parts has one to each of them besides, which PostgreSQL keeps."""
    return [one for one in found.get_foreign_keys(table) if one["referred_schema"] != SCHEMA]


def names(constraints):
    return sorted(str(one["name"]) for one in constraints)


@pytest.fixture
def migrated_engine(request, empty_engine):
    """A migrated database of the kind of the empty one, to look at."""
    return request.getfixturevalue(f"{empty_engine.dialect.name}_engine")


def test_the_schema_knows_every_table_by_itself():
    """Else a command that imports nothing more compares with a table unknown, and drops it."""
    code = "from siweb.schema import metadata; print(*metadata.tables)"
    known = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    tables = {
        name
        for path in files(PACKAGE, ".py")
        for name in re.findall(r'__tablename__ = "(\w+)"', path.read_text("utf-8"))
    }

    assert tables == set(known)


def test_the_migrations_follow_one_line():
    scripts = ScriptDirectory(str(SCRIPTS))

    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_the_migrated_database_needs_no_change_to_fit_the_models(engine):
    with engine.connect() as connection:
        asked = partial(can_be_compared, is_postgresql=connection.dialect.name == "postgresql")
        opts = {"compare_type": True, "include_object": asked}
        context = MigrationContext.configure(connection, opts=opts)
        assert not compare_metadata(context, schema.metadata)


def test_the_migrations_make_the_same_constraints_as_the_models(migrated_engine, empty_engine):
    schema.metadata.create_all(empty_engine)

    assert shape(migrated_engine) == shape(empty_engine)


def test_postgresql_has_the_same_names_of_references_as_the_models(migrated_engine, empty_engine):
    if empty_engine.dialect.name == "sqlite":
        return  # it does not keep the name of a reference that came with its column

    schema.metadata.create_all(empty_engine)

    assert reference_names(migrated_engine) == reference_names(empty_engine)


def test_the_migrations_go_down_to_nothing_and_up_again(empty_engine):
    lay_schema(empty_engine)
    once = shape(empty_engine)

    command.downgrade(alembic_config(empty_engine), "base")
    left = set(inspect(empty_engine).get_table_names())
    migrate(empty_engine)

    assert left <= {VERSIONS}
    assert shape(empty_engine) == once


def test_a_database_is_current_only_when_migrated(empty_engine):
    before = is_current(empty_engine)
    migrate(empty_engine)

    assert not before
    assert is_current(empty_engine)


def test_migrating_twice_changes_nothing(empty_engine):
    lay_schema(empty_engine)
    once = shape(empty_engine)

    migrate(empty_engine)

    assert shape(empty_engine) == once


@pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=str)
def test_every_constraint_is_named_so_that_postgresql_keeps_the_name(table):
    found = [one.name for one in (*table.constraints, *table.indexes)]

    assert all(name and len(str(name)) <= 63 for name in found)
