"""On PostgreSQL the references of new people, their numbers and search keys go by the statement.

A list registers people by the ten thousand, each with four keys to be found by: as for what it
begins for them (0074, decision 24) a join proves what a statement names, instead of a look for each
row. Nothing changes on SQLite. Old code runs on it.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
from alembic import op

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

# By table and column: the key of another table that it names.
_REFERENCES = {
    ("person", "region_code"): ("region", "code"),
    ("person_identity", "person_id"): ("person", "id"),
    ("search_key", "region_code"): ("region", "code"),
}
_BEFORE = {
    ("declared_base", "person_id"): ("person", "id"),
    ("declared_base", "region_code"): ("region", "code"),
    ("employment", "person_id"): ("person", "id"),
    ("enrolment", "person_id"): ("person", "id"),
    ("enrolment", "region_code"): ("region", "code"),
}
"""What 0074 keeps from going."""
# Each key is looked up: a plan that is kept from a long list may not go over a table for one row.
_BY_KEY = (
    "SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off"
    " SET work_mem = '32MB'"
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for (table, column), (other, key) in _REFERENCES.items():
        op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")
        _run(
            _of_new(table, column, other, key),
            _of_changed(table, column, other, key),
            f"CREATE TRIGGER references_of_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS"
            f" added FOR EACH STATEMENT EXECUTE FUNCTION prove_new_{table}()",
            f"CREATE TRIGGER references_of_changed AFTER UPDATE OF {column} ON {table}"
            f" FOR EACH ROW WHEN (OLD.{column} IS DISTINCT FROM NEW.{column})"
            f" EXECUTE FUNCTION prove_changed_{table}()",
        )
    _keep_named(_BEFORE | _REFERENCES)


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _keep_named(_BEFORE)
    for (table, column), (other, key) in _REFERENCES.items():
        for which in ("new", "changed"):
            _run(
                f"DROP TRIGGER references_of_{which} ON {table}",
                f"DROP FUNCTION prove_{which}_{table}()",
            )
        op.create_foreign_key(f"fk_{table}_{column}", table, other, [column], [key])


def _run(*statements: str) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def _of_new(table: str, column: str, other: str, key: str) -> str:
    """Return the function that proves all new rows of a statement, and holds what they name."""
    return f"""CREATE FUNCTION prove_new_{table}() RETURNS trigger LANGUAGE plpgsql {_BY_KEY} AS $$
DECLARE missing bigint;
BEGIN
WITH named AS MATERIALIZED (
  SELECT DISTINCT {column} AS key FROM added
), held AS MATERIALIZED (
  SELECT other.{key} FROM named JOIN {other} AS other ON other.{key} = named.key
  FOR KEY SHARE OF other
)
SELECT (SELECT count(*) FROM named) - (SELECT count(*) FROM held) INTO missing;
IF missing <> 0 THEN {_failure(table, column, f"{other} is not there")} END IF;
RETURN NULL;
END $$"""


def _of_changed(table: str, column: str, other: str, key: str) -> str:
    """Return the function that proves a row of which the reference changed."""
    return f"""CREATE FUNCTION prove_changed_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
PERFORM FROM {other} WHERE {key} = NEW.{column} FOR KEY SHARE;
IF NOT FOUND THEN {_failure(table, column, f"{other} is not there")} END IF;
RETURN NULL;
END $$"""


def _keep_named(references: dict[tuple[str, str], tuple[str, str]]) -> None:
    """Keep people and regions from going, or their keys from changing, while these name them."""
    for table, key in (("person", "id"), ("region", "code")):
        asked = "".join(
            f"""
IF EXISTS (SELECT FROM {named_by} WHERE {column} = OLD.{key}) THEN
  {_failure(named_by, column, f"{table} is still named")}
END IF;"""
            for (named_by, column), (other, _key) in references.items()
            if other == table
        )
        _run(
            f"""CREATE OR REPLACE FUNCTION prove_gone_{table}() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
IF TG_OP = 'UPDATE' THEN
  IF NEW.{key} = OLD.{key} THEN RETURN NULL; END IF;
END IF;{asked}
RETURN NULL;
END $$"""
        )


def _failure(table: str, column: str, what: str) -> str:
    name = f"fk_{table}_{column}"
    return (
        f"RAISE foreign_key_violation USING MESSAGE = 'reference \"{name}\" is violated: {what}',"
        f" TABLE = '{table}', CONSTRAINT = '{name}';"
    )
