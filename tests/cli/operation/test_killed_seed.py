"""A demonstration that was killed while it was made is begun anew: nothing of it counts as made."""

import os
import signal
import subprocess
import sys

from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.auth.tables.account import Account
from siweb.cli import main
from siweb.collection.tables.assessment import Assessment
from siweb.db.engine import make_engine
from siweb.registry.tables.person import Person
from tests.migrated import lay_schema

SMALL = ["seed", "--people", "40", "--employers", "4"]
# Behind people, sign-ins and levies: nearly everything is written by then.
KILLED_LATE = f"""
import os, signal
from siweb.cli import main
from siweb.demo import seed
seed.make_assessments = lambda *_given, **_named: os.kill(os.getpid(), signal.SIGKILL)
main({SMALL!r})
"""


def test_a_killed_demonstration_is_begun_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay_schema(engine)
    engine.dispose()

    killed = subprocess.run([sys.executable, "-c", KILLED_LATE], env=os.environ, check=False)
    with Session(engine) as session:
        left = session.scalar(select(func.count(Person.id)))
    engine.dispose()
    again = CliRunner().invoke(main, SMALL)

    assert killed.returncode == -signal.SIGKILL
    assert left == 0
    assert again.exit_code == 0, again.output
    with Session(engine) as session:
        assert session.scalar(select(func.count(Person.id))) >= 40
        assert session.scalar(select(func.count(Account.id))) >= 10
        assert session.scalar(select(func.count(Assessment.id)))
    engine.dispose()
