"""A migrated SQLite database for a test of its own, without migrating once more."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from siweb.db.engine import make_engine
from siweb.db.migrate import migrate


def lay_schema(engine: Engine) -> None:
    """Put the newest schema where an engine's SQLite database is to be.

    It is migrated once in a process and copied: migrating takes seconds.
    """
    place = Path(str(engine.url.database))
    assert not place.exists(), f"{place} is there already"
    shutil.copyfile(_made(), place)


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="siweb-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = make_engine(f"sqlite:///{folder / 'migrated.sqlite3'}")
    migrate(engine)
    # The last connection takes the log beside the database into it: the file is whole.
    engine.dispose()
    return folder / "migrated.sqlite3"
