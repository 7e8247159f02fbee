"""A small demonstration office, for the tests that walk through one."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import delete

from siweb.auth.tables.appointment import Appointment
from siweb.db.engine import make_engine, make_sessions
from siweb.demo.plan import Plan, day_with_figures
from siweb.demo.seed import seed
from siweb.rules.parameters.load import load_packs
from siweb.settings import Settings
from tests.conftest import NOW
from tests.migrated import lay_schema

PEOPLE = 48  # enough for everyone who signs in


def make_demonstration(folder: Path) -> str:
    """Lay a new SQLite demonstration, as of NOW, into a folder; return its address.

    It is made once in a process and copied: making one takes seconds.
    """
    shutil.copytree(_made(), folder, dirs_exist_ok=True)
    return Settings(var_dir=folder).engine_url


def without_staff(sessions) -> None:
    """Let an office be one that is still laid out: what a command does there waits for nobody."""
    with sessions() as session:
        session.execute(delete(Appointment))
        session.commit()


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="siweb-demonstration-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = make_engine(Settings(var_dir=folder).engine_url)
    lay_schema(engine)
    with make_sessions(engine)() as session:
        plan = Plan(day_with_figures(load_packs(), NOW.date()), people=PEOPLE, employers=4)
        seed(session, plan, folder, at=NOW)
        session.commit()
    # The last connection takes the log beside the database into it: the copy is whole.
    engine.dispose()
    return folder
