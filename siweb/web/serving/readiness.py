"""Whether the office can work: its database answers and can be written, its disk has room."""

import shutil
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from siweb.db.engine import LOCK_MILLISECONDS, is_busy
from siweb.db.migrations.one_version import OtherVersion, is_current

# Below this a long list or a levy may fill the disk before anybody looks.
LEAST_FREE_BYTES = 256 * 1024 * 1024
# The probe waits shortly; whoever holds the lock is writing, so that writing works.
_WAIT = 500
OK = "ok"


def readiness(engine: Engine, var_dir: Path) -> dict[str, str]:
    """Return what was looked at, each "ok" or a word for what is wrong."""
    return {
        "database": _database(engine),
        "schema": _schema(engine),
        "disk": OK if _free_bytes(var_dir) >= LEAST_FREE_BYTES else "nearly full",
    }


def _database(engine: Engine) -> str:
    try:
        with engine.execution_options(**{LOCK_MILLISECONDS: _WAIT}).connect() as connection:
            # A real change, taken back: a read-only replica or file answers reads only.
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            connection.rollback()
    except OtherVersion:
        return OK  # it is there; beside it stands that its schema is not ours
    except OperationalError as error:
        return OK if is_busy(error) else "cannot be written"
    except SQLAlchemyError:
        return "cannot be written"
    return OK


def _schema(engine: Engine) -> str:
    try:
        return OK if is_current(engine) else "not the newest"
    except SQLAlchemyError:
        return "unknown"


def _free_bytes(folder: Path) -> int:
    """Return the room on the disk of a folder; none when the folder is gone."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
