"""Killed at any moment of closing the day: closed again, it ends as if it had never been killed."""

import shutil
import signal

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import select, update

from siweb.audit.activity import Activity
from siweb.cli import main
from siweb.db.engine import make_engine, make_sessions
from siweb.ledgers.tables.day_root import BookSeal, DayRoot
from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.settings import Settings
from tests.audit.sealed_office import lay_rows
from tests.conftest import NOW
from tests.migrated import lay_schema
from tests.suite.dying import dies_after, make_nursery

CLOSES = """
import os, sys, time_machine
from datetime import datetime
sys.stdout = open(os.devnull, "w")  # the other end expects numbers alone
os.environ["SIWEB_VAR_DIR"] = {folder!r}
from siweb.cli import sealing
from siweb.cli.collection import payments
from siweb.ledgers.seals import seal
{dies}
with time_machine.travel(datetime.fromisoformat("{now}"), tick=False):
    payments.close_day.callback()
"""
# Before anything is sealed, among the seals, at the roots, before and after the commit, at the
# log's own seal, and when the head is noted.
MOMENTS = [
    ("payments", "count_arrears_day", 1),
    ("seal", "seals_of", 5),
    ("seal", "root_of", 1),
    ("seal", "root_of", 2),
    ("payments", "seal_day", 1),
    ("payments", "collect_after", 1),
    ("payments", "seal_now", 1),
    ("sealing", "note_head", 1),
]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """The folder of an office that nobody has closed yet."""
    folder = tmp_path_factory.mktemp("office")
    settings = Settings(var_dir=folder)
    settings.make_secrets()
    engine = make_engine(settings.engine_url)
    lay_schema(engine)
    with time_machine.travel(NOW, tick=False), make_sessions(engine).begin() as session:
        lay_rows(session)
        # It is none to go by.
        session.execute(update(ParameterPack).values(superseded_at=NOW))
    engine.dispose()
    return folder


@pytest.fixture(scope="module")
def nursery():
    with make_nursery("siweb.cli.collection.payments", "time_machine") as nursery:
        yield nursery


@pytest.fixture
def copy(office, tmp_path):
    """Copy the office into a folder of its own."""
    return lambda name: shutil.copytree(office, tmp_path / name)


def close(folder, monkeypatch):
    """Close the day there, and return all that it left: seals, roots, the log, what check says."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(folder))
    with time_machine.travel(NOW, tick=False):
        closed = CliRunner().invoke(main, ["close-day"])
        checked = CliRunner().invoke(main, ["check"])
    assert closed.exit_code == 0, closed.output
    engine = make_engine(Settings(var_dir=folder).engine_url)
    with engine.connect() as connection:
        left = [
            connection.execute(select(*table.c).order_by(*table.primary_key)).all()
            for table in (BookSeal.__table__, DayRoot.__table__, Activity.__table__)
        ]
    engine.dispose()
    heads = set((folder / "heads").read_text("utf-8").splitlines())
    return [*left, checked.output, heads]


@pytest.mark.parametrize(("module", "name", "at_call"), MOMENTS)
def test_a_day_is_closed_as_if_nobody_had_been_killed(
    copy, nursery, monkeypatch, module, name, at_call
):
    folder = copy("killed")
    ended, errors = nursery.run(
        CLOSES.format(
            folder=str(folder), dies=dies_after(module, name, at_call), now=NOW.isoformat()
        )
    )
    assert ended == -signal.SIGKILL, errors

    assert close(folder, monkeypatch) == close(copy("whole"), monkeypatch)
