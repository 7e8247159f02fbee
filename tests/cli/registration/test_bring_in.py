"""siweb bring-in and siweb employer, as a clerk types them."""

import itertools
from datetime import date
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.tables.appointment import Function
from siweb.bring_in import actions
from siweb.db.engine import make_engine
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.settings import Settings
from tests import factories
from tests.conftest import NOW
from tests.migrated import lay_schema
from tests.sign_in import appoint

MAN = factories.make_id_number(date(1980, 5, 1), 111)
ROWS = f"id_number,name\n{MAN},赵一\n"
FIRM = (
    "--name", "上海新厂", "--region", "310000", "--industry", "c13", "--established", "2026-01-31",
)  # fmt: skip


@pytest.fixture
def office(tmp_path, monkeypatch):
    """An office of one region, with two clerks who register people."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(Settings(var_dir=tmp_path).engine_url)
    lay_schema(engine)
    with time_machine.travel(NOW, tick=False), Session(engine, expire_on_commit=False) as session:
        factories.make_region(session, "310000")
        session.clerks = []
        for _ in range(2):
            person = factories.make_person(session, region_code="310000")
            factories.make_account(session, person)
            appoint(session, person, Function.REGISTRATION)
            session.clerks.append(person.id_number)
        session.commit()
        yield session
    engine.dispose()


@pytest.fixture
def bring(run, office, tmp_path):
    def bring(content, *words, region="310000", operator=0, kind="people"):
        file = tmp_path / "people.csv"
        file.write_text(content, "utf-8")
        return run(
            "bring-in", kind, file, "--region", region, "--operator", office.clerks[operator],
            *words,
        )  # fmt: skip

    return bring


BECAUSE = ("--because", "移交清单1号")


def test_a_file_is_tried_handed_in_checked_and_then_there(run, office, bring):
    tried = bring(ROWS, "--dry-run", "--control", "rows=1")
    assert tried.exit_code == 0, tried.output
    assert "people: 1 row, 1 new, 0 there already" in tried.stdout
    assert "A dry run: nothing was changed." in tried.stdout

    handed_in = bring(ROWS, *BECAUSE)
    reference = handed_in.stdout.split()[-1]
    listed = run("tasks", "list").stdout
    assert "Rows in the file: — -> 1" in listed
    own = run("tasks", "approve", reference, "--operator", office.clerks[0])
    assert "another person checks it" in own.output
    done = run("tasks", "approve", reference, "--operator", office.clerks[1])

    assert done.exit_code == 0, done.output
    assert office.scalars(select(Person).where(Person.id_number == MAN)).one().name == "赵一"
    office.rollback()
    again = bring(ROWS, *BECAUSE)
    assert (again.exit_code, "here already" in again.stdout) == (0, True)
    assert run("check").exit_code == 0


def test_problems_are_named_and_nothing_waits(run, bring):
    told = bring(f"id_number,name\n{MAN},\n123,钱二\n", *BECAUSE, "--control", "rows=3")

    assert told.exit_code == 1
    assert "Control rows: The old system says 3, the file comes to 2." in told.stderr
    assert "Row 2, name: This is empty. Fill it in." in told.stderr
    assert "Row 3, id_number: 123 is no valid ID number" in told.stderr
    assert "3 problems: nothing was changed." in told.stderr
    assert run("tasks", "list").stdout == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Say in --because"),
        ((*BECAUSE, "--control", "height=3"), "--control of people takes: rows."),
        ((*BECAUSE, "--control", "rows=many"), "needs a number"),
    ],
)
def test_a_command_that_lacks_something_says_what(bring, words, sentence):
    told = bring(ROWS, *words)

    assert (told.exit_code, sentence in told.stderr) == (2, True)


def test_only_who_holds_the_function_brings_in(bring):
    assert "does not work for that region" in bring(ROWS, *BECAUSE, region="110000").stderr
    told = bring("id_number,year,kind,amount\n", *BECAUSE, kind="accounts")
    assert "the function finance" in told.stderr


def test_a_file_that_is_no_list_is_refused_in_a_sentence(bring):
    assert "the first 20 rows has the headings" in bring("nothing\n", *BECAUSE).stderr
    assert "not recognised: age" in bring("id_number,name,age\n", *BECAUSE).stderr


def test_a_file_that_waits_is_not_handed_in_twice(bring):
    assert bring(ROWS, *BECAUSE).exit_code == 0
    assert "waits for its second person already" in bring(ROWS, *BECAUSE).stderr


def test_an_employer_is_registered_at_the_counter(run, office):
    uscc = factories.make_uscc()
    words = ("employer", "--uscc", uscc, *FIRM, "--operator", office.clerks[0])

    told = run(*words)

    assert told.exit_code == 0, told.output
    assert f"siweb make-owner {uscc}" in told.stdout
    firm = office.scalars(select(Employer).where(Employer.uscc == uscc)).one()
    assert (firm.name, firm.kind, firm.industry_code, firm.injury_class) == (
        "上海新厂", "enterprise", "C13", 3,
    )  # fmt: skip
    assert not firm.is_provisional
    office.rollback()
    assert "is registered" in run(*words).stderr


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"--uscc": "123"}, "no social credit code"),
        ({"--industry": "XX"}, "no division"),
        ({"--name": " "}, "1 to 200"),
        ({"--established": "2099-01-01"}, "future"),
        ({"--region": "110000"}, "does not work for that region"),
    ],
)
def test_a_wrong_employer_is_refused(run, office, changed, sentence):
    given = {"--uscc": factories.make_uscc(), **dict(zip(FIRM[::2], FIRM[1::2], strict=True))}
    words = [word for pair in (given | changed).items() for word in pair]

    told = run("employer", *words, "--operator", office.clerks[0])

    assert (told.exit_code, sentence in told.stderr) == (2, True), told.output


@pytest.mark.parametrize(("trial", "is_told"), [(2, False), (2.5, True)])
def test_who_is_kept_from_saving_for_long_is_thought_of(run, bring, monkeypatch, trial, is_told):
    """SQLite has one writer: whoever hands a file in, and whoever approves it, chooses when."""
    ticks = itertools.count(0, trial)
    monkeypatch.setattr(actions, "time", SimpleNamespace(monotonic=lambda: next(ticks)))

    handed_in = bring(ROWS, *BECAUSE)

    assert ("nobody else can save anything, about 3 seconds" in handed_in.stdout) is is_told
    listed = run("tasks", "list").stdout
    assert ("Nobody else can save anything meanwhile: — -> about 3 seconds" in listed) is is_told
