"""A small demonstration office, for the tests that walk through one."""

from pathlib import Path

from siweb.db.engine import make_engine, make_sessions
from siweb.db.migrate import migrate
from siweb.demo.plan import Plan, day_with_figures
from siweb.demo.seed import seed
from siweb.rules.parameters.load import load_packs
from siweb.settings import Settings
from tests.conftest import NOW

PEOPLE = 48  # enough for everyone who signs in


def make_demonstration(folder: Path) -> str:
    """Fill a new SQLite database in a folder, as of NOW; return its address."""
    url = Settings(var_dir=folder).engine_url
    engine = make_engine(url)
    migrate(engine)
    with make_sessions(engine)() as session:
        plan = Plan(day_with_figures(load_packs(), NOW.date()), people=PEOPLE, employers=4)
        seed(session, plan, folder, at=NOW)
        session.commit()
    engine.dispose()
    return url
