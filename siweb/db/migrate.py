"""Bring a database to the newest schema."""

import warnings
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from siweb.db.migrations.one_version import revision_of
from siweb.db.sealing.field_keys import field_keys
from siweb.rules.names.search_keys import keys_of_employer, keys_of_name

SCRIPTS = Path(__file__).parent / "migrations"


def alembic_config(engine: Engine) -> Config:
    """Return Alembic's settings bound to `engine`."""
    config = Config()
    # Alembic's settings take a single % for the beginning of a reference.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["engine"] = engine
    # A migration does not change when the code does: it is handed what only a process holds.
    config.attributes["field_keys"] = field_keys
    config.attributes["name_keys"] = keys_of_name, keys_of_employer
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade the schema to `revision`; what an older one held is gone from SQLite's file then."""
    before = revision_of(engine)
    with warnings.catch_warnings():
        # Migrations carry such indexes over by themselves; who upgrades can do nothing about it.
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based")
        command.upgrade(alembic_config(engine), revision)
    if before is not None and revision_of(engine) != before:
        _write_anew(engine)


def _write_anew(engine: Engine) -> None:
    """Leave nothing of columns that are gone in free pages, where a copy of the file shows it."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        # By the driver: within a transaction, such as SQLAlchemy begins, SQLite refuses it.
        driver.execute("VACUUM")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
