"""On PostgreSQL the references of what lists write by the thousand are proved once a statement.

It looks each reference of each row up by itself: for enrolments, bases and employments of a list
that was two thirds of the time. Triggers ask for all that a statement names with one join, hold
what it names as a foreign key does, and keep whatever is named from going. Nothing changes on
SQLite. Old code runs on it.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

# By table: its columns, and the key of another table that each names.
_REFERENCES = {
    "declared_base": {
        "employer_id": ("employer", "id"),
        "person_id": ("person", "id"),
        "region_code": ("region", "code"),
    },
    "employment": {"employer_id": ("employer", "id"), "person_id": ("person", "id")},
    "enrolment": {
        "employer_id": ("employer", "id"),
        "person_id": ("person", "id"),
        "region_code": ("region", "code"),
    },
}
_REFERRED = {"employer": "id", "person": "id", "region": "code"}
# Each key is looked up: a plan that is kept from a long list may not go over a table for one row.
_BY_KEY = (
    "SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off"
    " SET work_mem = '32MB'"
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, references in _REFERENCES.items():
        for column in references:
            op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")
        _run(_of_new(table, references), _of_changed(table, references))
        names = ", ".join(references)
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in references)
        _run(
            f"CREATE TRIGGER references_of_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS"
            f" added FOR EACH STATEMENT EXECUTE FUNCTION prove_new_{table}()",
            f"CREATE TRIGGER references_of_changed AFTER UPDATE OF {names} ON {table}"
            f" FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION prove_changed_{table}()",
        )
    for table, key in _REFERRED.items():
        _run(
            _of_gone(table, key),
            f"CREATE TRIGGER references_to_gone AFTER DELETE OR UPDATE OF {key} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION prove_gone_{table}()",
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _REFERRED:
        _run(
            f"DROP TRIGGER references_to_gone ON {table}",
            f"DROP FUNCTION prove_gone_{table}()",
        )
    for table, references in _REFERENCES.items():
        for which in ("new", "changed"):
            _run(
                f"DROP TRIGGER references_of_{which} ON {table}",
                f"DROP FUNCTION prove_{which}_{table}()",
            )
        for column, (other, key) in references.items():
            op.create_foreign_key(f"fk_{table}_{column}", table, other, [column], [key])


def _run(*statements: str) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def _of_new(table: str, references: dict[str, tuple[str, str]]) -> str:
    """Return the function that proves all new rows of a statement, and holds what they name."""
    asked = "".join(
        f"""
WITH named AS MATERIALIZED (
  SELECT DISTINCT {column} AS key FROM added WHERE {column} IS NOT NULL
), held AS MATERIALIZED (
  SELECT other.{key} FROM named JOIN {other} AS other ON other.{key} = named.key
  FOR KEY SHARE OF other
)
SELECT (SELECT count(*) FROM named) - (SELECT count(*) FROM held) INTO missing;
IF missing <> 0 THEN {_failure(table, column, f"{other} is not there")} END IF;"""
        for column, (other, key) in references.items()
    )
    return f"""CREATE FUNCTION prove_new_{table}() RETURNS trigger LANGUAGE plpgsql {_BY_KEY} AS $$
DECLARE missing bigint;
BEGIN{asked}
RETURN NULL;
END $$"""


def _of_changed(table: str, references: dict[str, tuple[str, str]]) -> str:
    """Return the function that proves a row of which a reference changed: nobody does lawfully."""
    asked = "".join(
        f"""
IF NEW.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column} THEN
  PERFORM FROM {other} WHERE {key} = NEW.{column} FOR KEY SHARE;
  IF NOT FOUND THEN {_failure(table, column, f"{other} is not there")} END IF;
END IF;"""
        for column, (other, key) in references.items()
    )
    return f"""CREATE FUNCTION prove_changed_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{asked}
RETURN NULL;
END $$"""


def _of_gone(table: str, key: str) -> str:
    """Return the function that keeps a row from going, or its key from changing, while named."""
    asked = "".join(
        f"""
IF EXISTS (SELECT FROM {named_by} WHERE {column} = OLD.{key}) THEN
  {_failure(named_by, column, f"{table} is still named")}
END IF;"""
        for named_by, references in _REFERENCES.items()
        for column, (other, _key) in references.items()
        if other == table
    )
    return f"""CREATE FUNCTION prove_gone_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
IF TG_OP = 'UPDATE' THEN
  IF NEW.{key} = OLD.{key} THEN RETURN NULL; END IF;
END IF;{asked}
RETURN NULL;
END $$"""


def _failure(table: str, column: str, what: str) -> str:
    name = f"fk_{table}_{column}"
    return (
        f"RAISE foreign_key_violation USING MESSAGE = 'reference \"{name}\" is violated: {what}',"
        f" TABLE = '{table}', CONSTRAINT = '{name}';"
    )
