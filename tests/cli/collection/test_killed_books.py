"""Killed in the middle and run again, an import and an interest run end as if never killed."""

import shutil
import signal

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import func, select

from siweb.cli import main
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Allocation, Payment
from siweb.db.engine import make_engine, make_sessions
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.settings import Settings
from tests.conftest import NOW
from tests.demonstration import make_demonstration, without_staff
from tests.suite.dying import dies_after, make_nursery

REGION = "310000"
MAPPING = 'day = "day"\ncredit = "in"\npayer_name = "who"\nremittance = ["text"]\nentry_id = "no"\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a small demonstration office, with a statement that was not imported yet."""
    folder = tmp_path_factory.mktemp("made")
    engine = make_engine(make_demonstration(folder))
    write_statement(folder, make_sessions(engine))
    without_staff(make_sessions(engine))
    engine.dispose()
    return folder


@pytest.fixture
def office(made, tmp_path, monkeypatch):
    """A copy of it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(Settings(var_dir=tmp_path).engine_url)
    yield make_sessions(engine)
    engine.dispose()


def never_killed(made, folder, command):
    """Return the state of another copy, in which a command ran to its end."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIWEB_VAR_DIR", str(folder))
        run(*command)
    engine = make_engine(Settings(var_dir=folder).engine_url)
    found = state(make_sessions(engine))
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def imported(made, tmp_path_factory):
    return never_killed(made, tmp_path_factory.mktemp("imported"), import_command(made))


@pytest.fixture(scope="module")
def posted(made, tmp_path_factory):
    return never_killed(made, tmp_path_factory.mktemp("posted"), INTEREST)


@pytest.fixture(scope="module")
def nursery():
    modules = ("siweb.cli.collection.interest", "siweb.collection.statements.import_entries")
    with make_nursery("siweb.cli", *modules, "time_machine") as nursery:
        yield nursery


def run(*arguments):
    with time_machine.travel(NOW, tick=True):
        found = CliRunner().invoke(main, arguments)
    assert found.exit_code == 0, found.output
    return found.output


INTEREST = ["interest", "--year", "2025"]
IMPORTS_OR_POSTS = """
import os, sys, time_machine
from datetime import datetime
sys.stdout = open(os.devnull, "w")  # the other end expects numbers alone
os.environ["SIWEB_VAR_DIR"] = {folder!r}
from siweb.cli import main
from siweb.cli.collection import interest
from siweb.collection.statements import import_entries as import_statement
{dies}
import_statement.pieces.__defaults__ = (4,)
interest.PEOPLE_A_PIECE = 10
with time_machine.travel(datetime.fromisoformat("{now}"), tick=True):
    main({arguments})
"""


@pytest.fixture
def kill(nursery, tmp_path):
    """Run a command in a process that dies in the middle, before what it wrote is committed."""

    def kill(module, name, at_call, arguments):
        code = IMPORTS_OR_POSTS.format(
            folder=str(tmp_path), dies=dies_after(module, name, at_call), now=NOW.isoformat(),
            arguments=arguments,
        )  # fmt: skip
        ended, errors = nursery.run(code)
        assert ended == -signal.SIGKILL, errors

    return kill


def state(office):
    """Everything of the books that an import or an interest run writes, without times."""
    with office() as session:
        payments = session.execute(
            select(Payment.entry_key, Payment.amount_fen, Payment.unallocated_fen).order_by(
                Payment.entry_key
            )
        ).all()
        used = session.execute(
            select(Payment.entry_key, Allocation.bill_id, Allocation.insurance, Allocation.kind)
            .add_columns(func.sum(Allocation.amount_fen))
            .join(Payment)
            .group_by(Payment.entry_key, Allocation.bill_id, Allocation.insurance, Allocation.kind)
            .order_by(Payment.entry_key, Allocation.bill_id, Allocation.insurance, Allocation.kind)
        ).all()
        entries = session.execute(
            select(AccountEntry.person_id, AccountEntry.kind, AccountEntry.year)
            .add_columns(func.count(), func.sum(AccountEntry.amount_fen))
            .group_by(AccountEntry.person_id, AccountEntry.kind, AccountEntry.year)
            .order_by(AccountEntry.person_id, AccountEntry.kind, AccountEntry.year)
        ).all()
        paid = session.scalar(select(func.count(ContributionRecord.paid_on)))
    return payments, used, entries, paid


def write_statement(folder, office):
    """Write payments of what is open: in four parts, and a fen more."""
    with office() as session:
        bills = session.scalars(
            select(Bill).where(Bill.region_code == REGION, Bill.paid_fen < Bill.total_fen)
        ).all()
    assert len(bills) > 1
    lines, number = ["no,day,in,who,text"], 0
    for bill in bills:
        part = bill.outstanding_fen // 4
        for amount in (part, part, part, bill.outstanding_fen - 3 * part, 1):
            number += 1
            yuan = f"{amount // 100}.{amount % 100:02d}"
            lines.append(f"{number},2026-11-20,{yuan},,{bill.bank_reference:012d}")
    (folder / "bank.csv").write_text("\n".join(lines) + "\n")
    (folder / "bank.toml").write_text(MAPPING)


def import_command(folder):
    named = ["--region", REGION, "--bank", "icbc", "--mapping", str(folder / "bank.toml")]
    return ["import-statement", str(folder / "bank.csv"), *named]


@pytest.mark.parametrize("at_call", [1, 4, 7])
def test_an_import_killed_within_a_piece_ends_as_if_never_killed(
    office, made, imported, kill, at_call
):
    command = import_command(made)

    kill("import_statement", "allocate", at_call, command)
    run(*command)

    assert state(office) == imported
    assert "The books balance." in run("check")


@pytest.mark.parametrize("at_call", [1, 3, 6])
def test_an_interest_run_killed_in_the_middle_ends_as_if_never_killed(
    office, posted, kill, at_call
):
    kill("interest", "post_interest", at_call, INTEREST)
    run(*INTEREST)

    assert state(office) == posted
    assert "The books balance." in run("check")
