"""siweb db: what whoever changes a table needs."""

import re
import tempfile
from pathlib import Path

import click
from alembic import command
from alembic.script import ScriptDirectory

from siweb import schema
from siweb.db.engine import make_engine
from siweb.db.migrate import SCRIPTS, alembic_config, migrate

_NAME = re.compile(r"[a-z][a-z0-9_]{2,40}")


@click.group()
def db() -> None:
    """Change the schema."""


@db.command()
@click.argument("name")
def revision(name: str) -> None:
    """Write the next migration, NAME in small letters, from what the tables differ in.

    It compares the tables in the code with a throwaway database at the newest migration; read what
    it wrote, and give both directions a test (tests/db/migrations/test_migrations.py runs them).
    """
    if not _NAME.fullmatch(name):
        raise click.UsageError("NAME is like add_bill_note: small letters, digits, underscores.")
    assert schema.metadata.tables  # every table is imported, so that it is compared
    numbers = [int(path.name[:4]) for path in (SCRIPTS / "versions").glob("[0-9]*.py")]
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'compare.sqlite3'}")
        migrate(engine)
        config = alembic_config(engine)
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        head = ScriptDirectory(str(SCRIPTS)).get_current_head()
        command.revision(
            config,
            message=name,
            autogenerate=True,
            head=head or "base",
            rev_id=f"{max(numbers, default=0) + 1:04d}",
        )
        engine.dispose()
