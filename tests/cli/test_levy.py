"""siweb levy, as clerks run it: a look before, a bill, nothing twice, killed and run again."""

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from siweb.cli import main
from siweb.collection.bill import Bill
from siweb.db.engine import make_engine, make_sessions
from siweb.ledgers.contribution_record import ContributionRecord
from tests.demonstration import make_demonstration

# The demonstration's history ends in October, so November is still to be levied.
LEVY = ["levy", "--region", "310000", "--month", "2026-11"]


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A small demonstration office on a file of its own."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(make_demonstration(tmp_path))
    yield make_sessions(engine)
    engine.dispose()


def run(*arguments):
    found = CliRunner().invoke(main, arguments)
    assert found.exit_code == 0, found.output
    return found.output


def bills(office):
    with office() as session:
        return session.execute(select(func.count(Bill.id), func.sum(Bill.total_fen))).one()


def levied(office):
    with office() as session:
        return session.execute(
            select(func.count(), func.sum(ContributionRecord.base_fen)).where(
                ContributionRecord.contribution_month == "2026-11"
            )
        ).one()


def test_a_dry_run_shows_what_would_be_billed_and_keeps_nothing(office):
    before = bills(office)

    shown = run(*LEVY, "--dry-run")

    assert "pension" in shown
    assert "this was a dry run" in shown
    assert bills(office) == before
    assert levied(office)[0] == 0


def test_a_levy_bills_once(office):
    run(*LEVY)
    billed = bills(office)

    assert "There is nothing to bill." in run(*LEVY)
    assert bills(office) == billed


def test_a_levy_that_was_killed_and_run_again_ends_as_if_never_killed(office):
    expected = run(*LEVY, "--dry-run").splitlines()[1:-1]
    killed = (
        "import os, signal\n"
        "from siweb.cli import levy as command, main\n"
        "def stop(*a, **k): os.kill(os.getpid(), signal.SIGKILL)\n"
        "command.finish_levy = stop\n"
        f"main({LEVY})"
    )
    done = subprocess.run(
        [sys.executable, "-c", killed], env=os.environ, check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert levied(office)[0] > 0

    shown = run(*LEVY).splitlines()

    assert [line for line in shown if "records, people" not in line][:-1] == expected
    assert "The books balance." in run("check", "--no-seals")


def test_an_unknown_region_is_named(office):
    found = CliRunner().invoke(main, ["levy", "--region", "999999", "--month", "2026-11"])

    assert found.exit_code == 2
    assert "999999 is not a region of this office." in found.output
