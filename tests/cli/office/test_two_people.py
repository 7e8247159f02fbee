"""Every command waits for a second person, says why one is enough, or changes nothing.

The commands come from their own registry; what the desk does with two people a command does so too.
"""

from enum import StrEnum

import click
import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.auth.tables.appointment import Function
from siweb.auth.tables.staff_relation import Relation, StaffRelation
from siweb.cli import Office
from siweb.collection.tables.bank_account import BankAccount
from siweb.collection.tables.bank_statement import BankStatement
from siweb.db.engine import make_engine
from siweb.queue.job import Job
from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.settings import Settings
from siweb.tasks.tables.task import Task
from tests import factories
from tests.bills import PACK_REGION
from tests.collection.statements.make_statements import ACCOUNT, camt, entry
from tests.conftest import NOW
from tests.migrated import lay_schema
from tests.rules.packs import limits, pack_text
from tests.sign_in import appoint

BECAUSE = ("--because", "通知〔2026〕3号")


class Why(StrEnum):
    WAITS = "a second person checks it"
    IS_THE_CHECK = "it is the check"
    BY_RULE = "figures and what was filed say it; nobody types an amount"
    AT_THE_COUNTER = "the person stands there with the ID card, and is told"
    ANNOUNCES = "it tells people when or where something is done"
    OPENS = "there is nobody yet who could be asked"
    RUNS = "it starts or keeps up the installation, and touches nobody's rights"
    READS = "it changes nothing"


COMMANDS = {
    Why.WAITS: (
        "adjust", "agency", "bank-account add", "bring-in", "import-statement", "packs import",
        "signs import", "staff appoint", "staff end", "staff reset-factor",
    ),
    Why.IS_THE_CHECK: ("tasks approve", "tasks refuse"),
    Why.BY_RULE: (
        "assessments find", "assessments settle", "close-day", "day", "export-levy", "interest", "levy",
        "messages", "work",
        "assessments find", "assessments settle", "close-day", "day", "interest", "levy",
        "daily", "messages", "work",
    ),
    Why.AT_THE_COUNTER: ("employer", "issue-code", "make-owner", "person", "staff set-up-code"),
    Why.ANNOUNCES: ("campaign", "office set", "region open"),
    Why.OPENS: ("init", "seed"),
    Why.RUNS: (
        # A backup comes back into an empty place alone, by the key that lies elsewhere.
        # A drill comes back into a folder that goes again; an upgrade copies first.
        "backup drill", "upgrade", "field-key rotate", "field-key forget-old",
        "backup new-key", "install-service", "restore",
        "bench activity", "bench calculation", "bench check", "bench filings", "bench levy",
        "bench pages", "bench papers", "bench slow", "bench table", "bench years", "db revision", "demo", "migrate", "packs new",
        "backup new-key", "install-service", "operator sign-in",
        "operator sign-out", "restore", "seal", "serve", "translations compile", "translations update",
    ),
    Why.READS: (
        "backup list", "bank-account list", "doctor", "calc", "check", "office show", "papers missing", "packs check", "packs diff",
        "packs schema", "packs show", "region list", "secrets", "staff list", "tasks list",
        "translations check", "verify",
    ),
}  # fmt: skip
WHY = {name: why for why, names in COMMANDS.items() for name in names}


def walk(command, *path):
    if not isinstance(command, click.Group):
        yield " ".join(path), command
    elif path == ("calc",):
        # A calculation has neither a database nor settings (tests/cli/calc/test_calc.py).
        yield "calc", None
    else:
        for name in command.list_commands(None):
            yield from walk(command.get_command(None, name), *path, name)


def test_every_command_says_whether_one_person_is_enough():
    found = dict(walk(Office()))

    assert set(found) == set(WHY)
    asked = {Why.WAITS, Why.IS_THE_CHECK, Why.AT_THE_COUNTER, Why.ANNOUNCES}
    silent = {
        name
        for name, why in WHY.items()
        if why in asked and "operator" not in {each.name for each in found[name].params}
    }
    assert not silent


@pytest.fixture
def office(tmp_path, monkeypatch):
    """An office of one region, with two people for money and two for figures."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(Settings(var_dir=tmp_path).engine_url)
    lay_schema(engine)
    with time_machine.travel(NOW, tick=False), Session(engine, expire_on_commit=False) as session:
        factories.make_region(session, PACK_REGION)
        session.clerks = {}
        for function in (Function.FINANCE, Function.PARAMETERS, Function.REGISTRATION):
            for _ in range(2):
                person = factories.make_person(session, region_code=PACK_REGION)
                factories.make_account(session, person)
                appoint(session, person, function)
                session.clerks.setdefault(function, []).append(person.id_number)
        session.commit()
        yield session
    engine.dispose()


def count(office, table):
    found = office.scalar(select(func.count()).select_from(table))
    office.rollback()
    return found


def by(office, function, place=0):
    return ("--operator", office.clerks[function][place])


def check_it(run, office, told, function):
    """Let the second of a function check what the first one made, who cannot."""
    assert told.exit_code == 0, told.output
    reference = told.stdout.split()[-1]
    own = run("tasks", "approve", reference, *by(office, function))
    assert "another person checks it" in own.output
    done = run("tasks", "approve", reference, *by(office, function, 1))
    assert done.exit_code == 0, done.output


def test_an_account_and_its_statement_wait_for_a_second_person(run, office, tmp_path):
    add = ("bank-account", "add", ACCOUNT, "--bank", "示范银行", "--region", PACK_REGION)
    assert "Say in --because" in run(*add, *by(office, Function.FINANCE)).stderr
    assert "the function finance" in run(*add, *BECAUSE, *by(office, Function.PARAMETERS)).stderr
    told = run(*add, *BECAUSE, *by(office, Function.FINANCE))
    assert count(office, BankAccount) == 0
    check_it(run, office, told, Function.FINANCE)
    assert count(office, BankAccount) == 1

    file = tmp_path / "bank.xml"
    file.write_bytes(camt(entry()))
    load = (
        "import-statement", file, "--region", PACK_REGION, "--bank", "示范银行",
        *by(office, Function.FINANCE),
    )  # fmt: skip
    told = run(*load)
    assert (count(office, BankStatement), count(office, Job)) == (1, 0)
    assert "waits for its second person already" in run(*load).stderr
    check_it(run, office, told, Function.FINANCE)
    assert count(office, Job) == 1
    # Nothing is in the books that could be taken back before the worker was there.
    assert run(*load, "--take-back", "重复").exit_code == 1


def test_a_pack_waits_for_a_second_person(run, office, tmp_path):
    file = tmp_path / "pack.toml"
    file.write_text(pack_text(limits()), "utf-8")
    load = ("packs", "import", file, *by(office, Function.PARAMETERS))
    assert "Name in --because" in run(*load).stderr
    assert run(*load, "--dry-run").stdout.endswith("Nothing was changed.\n")

    told = run(*load, *BECAUSE)
    assert told.stdout.startswith("320100: 1 row added, 0 rewritten. Waits for a second person")
    assert count(office, ParameterPack) == 0
    listed = run("tasks", "list").stdout
    assert "limits.employee.pension from 2025-07, published 2025-06-30: — -> base_floor" in listed
    check_it(run, office, told, Function.PARAMETERS)

    assert count(office, ParameterPack) == 1
    assert "the same pack is in force already" in run(*load, *BECAUSE).stdout
    file.write_text(pack_text(limits(base_floor='"5001"')), "utf-8")
    assert "this rewrites what was known" in run(*load, *BECAUSE).stderr
    assert count(office, Task) == 1


def test_nobody_gives_a_code_or_an_employer_to_themselves(run, office):
    employer = factories.make_employer(office, region_code=PACK_REGION)
    office.commit()
    uscc, (own, other) = employer.uscc, office.clerks[Function.REGISTRATION]
    office.rollback()

    for command in (("issue-code",), ("make-owner", uscc)):
        words = (*command, "--id-number", own, "--operator")
        assert "about yourself" in run(*words, own).stderr
    # Nor does a colleague give a clerk an employer whom the agency serves.
    assert run("issue-code", "--id-number", own, "--operator", other).exit_code == 0
    given = run("make-owner", uscc, "--id-number", own, "--operator", other)
    assert "acts for none of the employers" in given.stderr


# What an operator's command does at once for somebody, with what stands before the ID number.
FOR_SOMEBODY = {
    "issue-code": (), "make-owner": ("{uscc}",), "staff set-up-code": (),
}  # fmt: skip


def test_every_command_at_the_counter_for_somebody_is_tried():
    named = {
        name
        for name, command in walk(Office())
        if WHY[name] is Why.AT_THE_COUNTER and name != "person"
        if "id_number" in {each.name for each in command.params}
    }

    # A person whom `siweb person` registers is nobody's relative yet.
    assert named == set(FOR_SOMEBODY)


@pytest.mark.parametrize(
    ("name", "bond"),
    [
        *((name, bond) for name in FOR_SOMEBODY for bond in ("relative", "none")),
        ("make-owner", "firm"),
    ],
)
def test_nobody_does_it_for_relatives_or_a_firm_of_theirs(run, office, name, bond):
    employer = factories.make_employer(office, region_code=PACK_REGION)
    clerk, other = (factories.make_person(office, region_code=PACK_REGION) for _ in range(2))
    account, _theirs = (factories.make_account(office, each) for each in (clerk, other))
    appoint(office, clerk, Function.REGISTRATION, Function.ADMINISTRATION)
    if name == "staff set-up-code":
        appoint(office, other, Function.REVIEW)
    if bond == "relative":
        office.add(
            StaffRelation(
                person_id=clerk.id, relative_id=other.id, relation=Relation.SIBLING,
                since_on=NOW.date(), declared_at=NOW, declared_by_account_id=account.id,
            )
        )  # fmt: skip
    elif bond == "firm":
        factories.make_mandate(office, account, employer)
    uscc, words = employer.uscc, (clerk.id_number, other.id_number)
    office.commit()

    before = [each.format(uscc=uscc) for each in FOR_SOMEBODY[name]]
    command = (*name.split(), *before, "--id-number", words[1], "--operator", words[0])
    found = run(*command)

    refused = "a relative or a firm you act for: a colleague does it" in found.stderr
    assert (found.exit_code == 0, refused) == ((True, False) if bond == "none" else (False, True))
