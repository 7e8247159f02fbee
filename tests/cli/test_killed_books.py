"""Killed in the middle and run again, an import and an interest run end as if never killed."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

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
from tests.demonstration import make_demonstration
from tests.dying import dies_after

REGION = "310000"
MAPPING = 'day = "day"\ncredit = "in"\npayer_name = "who"\nremittance = ["text"]\nentry_id = "no"\n'


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A small demonstration office on a file of its own."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(make_demonstration(tmp_path))
    yield make_sessions(engine)
    engine.dispose()


class Copy:
    """A second office with the same data, in which nothing is killed."""

    def __init__(self, folder):
        self.folder = folder
        self.sessions = make_sessions(make_engine(Settings(var_dir=folder).engine_url))

    @contextmanager
    def chosen(self):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SIWEB_VAR_DIR", str(self.folder))
            yield


def copy_of(office, tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy") / "office"
    shutil.copytree(Path(os.environ["SIWEB_VAR_DIR"]), folder)
    return Copy(folder)


def run(*arguments):
    with time_machine.travel(NOW, tick=True):
        found = CliRunner().invoke(main, arguments)
    assert found.exit_code == 0, found.output
    return found.output


IMPORTS_OR_POSTS = """
import time_machine
from datetime import datetime
from siweb.cli import main
from siweb.cli.collection import books
from siweb.collection.statements import import_entries as import_statement
{dies}
import_statement.pieces.__defaults__ = (4,)
books.PEOPLE_A_PIECE = 10
with time_machine.travel(datetime.fromisoformat("{now}"), tick=True):
    main({arguments})
"""


def kill(module, name, at_call, arguments):
    """Run a command in a process that dies in the middle, before what it wrote is committed."""
    dies = dies_after(module, name, at_call)
    code = IMPORTS_OR_POSTS.format(dies=dies, now=NOW.isoformat(), arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ, check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


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
    """Return the command that imports payments of what is open: in four parts, and a fen more."""
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
    file, mapping = folder / "bank.csv", folder / "bank.toml"
    file.write_text("\n".join(lines) + "\n")
    mapping.write_text(MAPPING)
    named = ["--region", REGION, "--bank", "icbc", "--mapping", str(mapping)]
    return ["import-statement", str(file), *named]


@pytest.mark.parametrize("at_call", [1, 4, 7])
def test_an_import_killed_within_a_piece_ends_as_if_never_killed(
    office, tmp_path, tmp_path_factory, at_call
):
    command = write_statement(tmp_path, office)
    never_killed = copy_of(office, tmp_path_factory)
    with never_killed.chosen():
        run(*command)

    kill("import_statement", "allocate", at_call, command)
    run(*command)

    assert state(office) == state(never_killed.sessions)
    assert "The books balance." in run("check")


@pytest.mark.parametrize("at_call", [1, 3, 6])
def test_an_interest_run_killed_in_the_middle_ends_as_if_never_killed(
    office, tmp_path_factory, at_call
):
    command = ["interest", "--year", "2025"]
    never_killed = copy_of(office, tmp_path_factory)
    with never_killed.chosen():
        run(*command)

    kill("books", "post_interest", at_call, command)
    run(*command)

    assert state(office) == state(never_killed.sessions)
    assert "The books balance." in run("check")
