"""siweb levy, as clerks run it: a look before, a bill, nothing twice, killed and run again."""

import os
import signal

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import func, select

from siweb.auth.tables.appointment import Appointment, Function
from siweb.cli import main
from siweb.collection.levy.find import JOB
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import TaxOfficeFile
from siweb.db.engine import make_engine, make_sessions
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.queue.job import Job
from siweb.registry.tables.person import Person
from tests.auth.operator_file import lasting_operator, proved
from tests.conftest import NOW
from tests.demonstration import make_demonstration, without_staff
from tests.suite.dying import make_nursery

# The demonstration's history ends in October, so November is still to be levied.
LEVY = ["levy", "--region", "310000", "--month", "2026-11"]


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A small demonstration office on a file of its own."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(make_demonstration(tmp_path))
    sessions = make_sessions(engine)
    with sessions() as session:
        asked = select(Person).join(Appointment, Appointment.person_id == Person.id)
        file = lasting_operator(session, session.scalars(asked.limit(1)).one(), tmp_path)
    monkeypatch.setenv("SIWEB_OPERATOR", file)
    yield sessions
    engine.dispose()


@pytest.fixture(scope="module")
def nursery():
    modules = ("siweb.cli.collection.levy", "siweb.collection.levy.run")
    with make_nursery("siweb.cli", *modules) as nursery:
        yield nursery


@pytest.fixture
def kill(nursery, tmp_path):
    """Levy in a process that dies as some lines of Python say."""

    def kill(dies):
        ended, errors = nursery.run(
            "import os, signal, sys\n"
            "sys.stdout = open(os.devnull, 'w')  # the other end expects numbers alone\n"
            f"os.environ['SIWEB_VAR_DIR'] = {str(tmp_path)!r}\n"
            f"os.environ['SIWEB_OPERATOR'] = {os.environ['SIWEB_OPERATOR']!r}\n"
            "from siweb.cli import main\n"
            f"{dies}"
            f"main({LEVY})"
        )
        assert ended == -signal.SIGKILL, errors

    return kill


def run(*arguments):
    found = CliRunner().invoke(main, proved(arguments))
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


def test_a_levy_that_was_killed_and_run_again_ends_as_if_never_killed(office, kill):
    expected = run(*LEVY, "--dry-run").splitlines()[1:-1]
    kill(
        "from siweb.cli.collection import levy as command\n"
        "def stop(*a, **k): os.kill(os.getpid(), signal.SIGKILL)\n"
        "command.end_levy = stop\n"
    )
    assert levied(office)[0] > 0

    shown = run(*LEVY).splitlines()

    assert [line for line in shown if "records, people" not in line][:-1] == expected
    assert "The books balance." in run("check", "--no-seals")


def test_an_unknown_region_is_named(office):
    found = CliRunner().invoke(main, ["levy", "--region", "999999", "--month", "2026-11"])

    assert found.exit_code == 2
    assert "999999 is not a region of this office." in found.output


def test_an_adjustment_waits_for_a_second_person(office):
    with time_machine.travel(NOW, tick=True):
        run(*LEVY)
        billed, clerks = bills(office), clerks_of(office)
        months = ("--from", "2026-11", "--through", "2026-11")

        told = run(*ADJUST, *months, "--operator", clerks[0])
        reference = told.split()[-1]
        again = CliRunner().invoke(main, proved([*ADJUST, *months, "--operator", clerks[0]]))
        own = CliRunner().invoke(
            main, proved(["tasks", "approve", reference, "--operator", clerks[0]])
        )
        asked = select(func.count(Job.id)).where(Job.name == JOB)
        with office() as session:
            before = session.scalar(asked)
        run("tasks", "approve", reference, "--operator", clerks[1])

    assert "waits for its second person already" in again.output
    assert "another person checks it" in own.output
    with office() as session:
        assert (session.scalar(asked), before) == (1, 0)
    assert bills(office) == billed


def clerks_of(office):
    """The ID numbers of two who collect contributions."""
    with office() as session:
        clerks = session.scalars(
            select(Person)
            .join(Appointment, Appointment.person_id == Person.id)
            .where(Appointment.function == Function.CONTRIBUTIONS)
        )
        return sorted(clerk.id_number for clerk in clerks)


ADJUST = ["adjust", "--region", "310000", "--due", "2026-12-31", "--reason", "通知"]


def test_an_adjustment_of_what_did_not_change_bills_nothing(office):
    without_staff(office)
    with time_machine.travel(NOW, tick=True):
        run(*LEVY)
        billed = bills(office)

        shown = run(*ADJUST, "--from", "2026-11", "--through", "2026-11")

    assert "There is nothing to bill." in shown
    assert bills(office) == billed


def test_an_adjustment_of_a_month_that_was_never_levied_is_refused(office):
    without_staff(office)
    months = ["--from", "2026-10", "--through", "2026-11"]
    with time_machine.travel(NOW, tick=True):
        found = CliRunner().invoke(main, [*ADJUST, *months])

    assert found.exit_code == 2
    assert "was never levied" in found.output


@pytest.mark.parametrize("portion", [2, 9])
def test_a_levy_killed_within_a_batch_ends_as_if_never_killed(office, kill, portion):
    """A batch has eight portions: others are being worked out when one has been written."""
    expected = run(*LEVY, "--dry-run").splitlines()
    kill(
        "from siweb.collection.levy import run as run_levy\n"
        "from siweb.collection.levy.portions import batch\n"
        "count, write = 0, batch.write_portion\n"
        "def stop(*a):\n"
        "    global count\n"
        "    count += 1\n"
        "    write(*a)\n"
        f"    if count == {portion}: os.kill(os.getpid(), signal.SIGKILL)\n"
        "batch.write_portion = stop\n"
        "run_levy.compute_batches.__kwdefaults__['most'] = 16\n"
    )

    shown = run(*LEVY).splitlines()

    totals = [line for line in expected if "total" in line or "pension" in line]
    assert totals
    assert set(totals) <= set(shown)
    assert "The books balance." in run("check", "--no-seals")


def test_what_the_tax_office_collects_is_written_to_a_file(office, tmp_path):
    file = tmp_path / "levy.csv"

    shown = run("export-levy", str(file), "--region", "310000", "--month", "2026-10")

    with office() as session:
        (kept,) = session.scalars(select(TaxOfficeFile)).all()
    assert (kept.rows, kept.total_fen, kept.number) == (0, 0, 1)
    assert "Wrote 0 lines." in shown  # the shipped pack says that the agency collects
    assert file.read_text("utf-8-sig").startswith("缴费单号,缴费人代码")
