"""An office is opened from an empty folder: by commands and pages alone, by nobody alone."""

import re
import shutil
from datetime import date

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.cli import main
from siweb.desk.people.actions import DEATH
from siweb.registry.codes import AgencyKind
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.person import Person
from siweb.tasks.propose import propose
from siweb.tasks.two_person_action import Doing
from siweb.web.database import database
from tests import factories
from tests.auth.second_factor import set_up_by_page
from tests.cli.office.new_office import (
    AGENCY,
    CAMPAIGN,
    CLERK,
    FIRST,
    INIT,
    SECOND,
    NewOffice,
    go_to,
)
from tests.conftest import NOW
from tests.migrated import own_sqlite
from tests.papers import paper
from tests.sign_in import appoint


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The folder of an office that commands have just opened, and the codes they handed out.

    Opening takes seconds: every test starts from a copy.
    """
    made = NewOffice(tmp_path_factory.mktemp("opened"))
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW, tick=False):
        go_to(made.settings.var_dir, patch)
        made.run("migrate")
        made.run(*INIT)
    return made.settings.var_dir, (made.codes, made.set_up_codes)


@pytest.fixture
def office(opened, build_office, tmp_path, monkeypatch):
    folder, codes = opened
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    go_to(tmp_path, monkeypatch)
    with time_machine.travel(NOW, tick=False):
        made = NewOffice(tmp_path, codes)
        made.serve(build_office)
        yield made
        database(made.app).engine.dispose()


@pytest.fixture
def staffed(office):
    """Both administrators have their account; a clerk is registered and waits to be appointed."""
    office.browser(FIRST)
    office.browser(SECOND)
    return office


def test_what_an_office_was_named_stands_on_its_pages_and_is_changed(staffed, tmp_path):
    shown = staffed.browser(FIRST).get("/contact").text
    assert "– Shanghai office</title>" in shown
    assert 'href="tel:021-1"' in shown

    changed = ("office", "set", "--name-en", "Centre of Shanghai", "--operator", FIRST)
    staffed.run(*changed, "--phone", "abc", exit_code=1)
    staffed.run(*changed, "--phone", "")

    assert "上海试办社保 / Centre of Shanghai\nTelephone: none" in staffed.run("office", "show")
    forget = staffed.app.extensions["siweb_shown_office"]
    forget.read_at = None  # as a minute later
    shown = staffed.browser(FIRST).get("/contact").text
    assert "– Centre of Shanghai</title>" in shown
    assert "021-1" not in shown


def test_an_office_is_opened_once_and_by_two(office, tmp_path):
    again = office.run(*INIT, exit_code=1)
    assert "open already" in again
    assert office.holds(FIRST) == office.holds(SECOND) == {Function.ADMINISTRATION}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"--administrators": f"{FIRST} 张伟"}, "two administrators"),
        ({"--administrators": f"{FIRST} 张伟, {FIRST} 张伟"}, "two administrators"),
        ({"--administrators": f"{FIRST[:-1]}7 张伟, {SECOND} 李强"}, "not an ID number"),
        ({"--region": "120000"}, "parameter pack"),
        ({"--region": "Shanghai"}, "parameter pack"),
    ],
)
def test_a_wrong_start_opens_nothing(tmp_path, monkeypatch, changed, sentence):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    given = dict(zip(INIT[1::2], INIT[2::2], strict=True)) | changed
    runner = CliRunner()
    own_sqlite(tmp_path)

    found = runner.invoke(main, ["init", *(word for pair in given.items() for word in pair)])

    assert found.exit_code == 2
    assert sentence in found.output
    assert runner.invoke(main, list(INIT)).exit_code == 0


def test_agencies_and_campaigns_come_from_who_holds_the_function(staffed):
    told = staffed.run(*CAMPAIGN, "--operator", FIRST, exit_code=2)
    assert "has not the function review for 310000" in told
    staffed.run(*AGENCY, "--operator", FIRST)

    assert "9:00-17:00" in staffed.browser(FIRST).get("/cities/310000").text


def test_a_function_takes_effect_when_another_administrator_has_checked_it(staffed):
    agency = staffed.run(*AGENCY, "--operator", FIRST)
    number = re.search(r"Agency (\d+)", agency)[1]
    # Whoever registers people is appointed first, from among the two.
    told = staffed.run(
        "staff", "appoint", "registration", "--id-number", SECOND, "--because", "任命1号",
        "--operator", FIRST, exit_code=1,
    )  # fmt: skip
    assert "another group" in told

    first, second = staffed.browser(FIRST), staffed.browser(SECOND)
    form = {"id_number": SECOND, "function": "review", "agency": number, **paper("because", "任命")}
    assert "another group" in first.post("/desk/staff", data=form).text
    own = form | {"id_number": FIRST, "function": "parameters"}
    assert "about yourself" in first.post("/desk/staff", data=own).text
    assert first.post("/desk/staff", data=own | {"id_number": SECOND}).status_code == 303
    (reference,) = re.findall(r"/desk/tasks/(\w+)", first.get("/desk?kind=task").text)

    # Neither the maker nor whom it concerns does it.
    assert (
        "another person checks it"
        in first.post(f"/desk/tasks/{reference}/approve", follow_redirects=True).text
    )
    assert (
        "about yourself"
        in second.post(f"/desk/tasks/{reference}/approve", follow_redirects=True).text
    )
    assert staffed.holds(SECOND) == {Function.ADMINISTRATION}


def test_a_clerk_is_appointed_works_and_leaves(staffed):
    told = staffed.run(
        "person", "--id-number", CLERK, "--name", "王芳", "--region", "310000", "--operator", FIRST
    )
    clerk = staffed.browser(CLERK, re.search(r"code: (\S+)", told)[1])
    assert clerk.get("/desk").status_code == 404
    told = staffed.appoint("review", CLERK)
    reference = told.split()[-1]
    assert "王芳 · the whole office: — -> Reviews" in staffed.run("tasks", "list")
    refused = staffed.run("tasks", "approve", reference, "--operator", FIRST, exit_code=1)
    assert "another person checks it" in refused
    assert clerk.get("/desk").status_code == 404

    staffed.run("tasks", "approve", reference, "--operator", SECOND)

    assert "second-factor/prove" in clerk.get("/desk").location
    give = ("staff", "set-up-code", "--id-number", CLERK, "--operator")
    # Whoever registered her holds the code for the password.
    told = staffed.run(*give, FIRST, exit_code=1)
    assert "another administrator gives this one" in told
    staffed.run(*give, SECOND)
    set_up_by_page(clerk, staffed.set_up_codes["王芳"])
    told = staffed.run(*give, SECOND, exit_code=1)
    assert "two administrators reset it first" in told
    desk = clerk.get("/desk").text
    assert "Reviews to decide" in desk
    assert "Payments to match" not in desk
    assert "record_check 2026 is open" in staffed.run(*CAMPAIGN, "--operator", CLERK)
    assert "of this kind" in staffed.run(*CAMPAIGN, "--operator", CLERK, exit_code=1)
    listed = staffed.run("staff", "list")
    number = re.search(
        r"^(\d+) 王芳 review the whole office, second factor: since 2026-11-24",
        listed,
        re.MULTILINE,
    )[1]
    lost = staffed.run(
        "staff", "reset-factor", number, "--because", "手机遗失，本人到场", "--operator", SECOND
    )
    assert clerk.get("/desk").status_code == 200
    staffed.run("tasks", "approve", lost.split()[-1], "--operator", FIRST)
    assert clerk.get("/desk").location.startswith("/sign-in")
    assert re.search(
        rf"^{number} .* second factor: none$", staffed.run("staff", "list"), re.MULTILINE
    )
    told = staffed.run("staff", "end", number, "--because", "离职", "--operator", SECOND)
    staffed.run("tasks", "approve", told.split()[-1], "--operator", FIRST)
    assert staffed.holds(CLERK) == set()
    assert "王芳" not in staffed.run("staff", "list")


def test_the_last_two_who_administer_cannot_be_taken_away(staffed):
    listed = staffed.run("staff", "list")
    number = re.search(r"^(\d+) 李强", listed, re.MULTILINE)[1]
    words = ("staff", "end", number, "--because", "离职", "--operator", FIRST)
    told = staffed.run(*words, exit_code=1)

    assert "Two people must administer" in told
    assert staffed.holds(SECOND) == {Function.ADMINISTRATION}


def test_a_refusal_says_why(staffed):
    told = staffed.appoint("parameters", SECOND)
    reference = told.split()[-1]
    person = staffed.run(
        "person", "--id-number", CLERK, "--name", "王芳", "--region", "310000", "--operator", FIRST
    )
    clerk = staffed.browser(CLERK, re.search(r"code: (\S+)", person)[1])
    assert clerk.get(f"/desk/tasks/{reference}").status_code == 404
    told = staffed.appoint("audit", CLERK)
    reference = told.split()[-1]

    staffed.run("tasks", "refuse", reference, "--because", "没有任命书", "--operator", SECOND)

    assert "没有任命书" in staffed.browser(FIRST).get(f"/desk/tasks/{reference}").text
    assert staffed.holds(CLERK) == set()


def test_a_maker_withdraws_and_a_checker_refuses_with_a_reason(staffed):
    first, second = staffed.browser(FIRST), staffed.browser(SECOND)
    form = {"id_number": SECOND, "function": "parameters", "agency": "0", **paper("because")}
    first.post("/desk/staff", data=form)
    (reference,) = re.findall(r"/desk/tasks/(\w+)", first.get("/desk?kind=task").text)
    assert "waits for its second person already" in first.post("/desk/staff", data=form).text
    assert (
        "ask a colleague"
        in second.post(f"/desk/tasks/{reference}/withdraw", follow_redirects=True).text
    )

    first.post(f"/desk/tasks/{reference}/withdraw")

    assert "Nothing waits here" in first.get("/desk?kind=task").text
    assert "withdrawn" in first.get(f"/desk/tasks/{reference}").text
    assert first.post("/desk/staff", data=form).status_code == 303


@pytest.fixture
def elsewhere(staffed):
    """The clerk reviews, and administers, for an agency of another region."""
    staffed.run("person", "--id-number", CLERK, "--name", "王芳", "--region", "310000",
                "--operator", FIRST)  # fmt: skip
    with database(staffed.app).writers() as session:
        person = session.scalars(select(Person).where(Person.id_number == CLERK)).one()
        factories.make_account(session, person)
        agency = Agency(
            region_code=factories.make_region(session, "320100").code, kind=AgencyKind.HRSS,
            name_zh="南京", name_en="Nanjing", address_zh="", address_en="", phone="12333",
        )  # fmt: skip
        session.add(agency)
        session.flush()
        appoint(session, person, Function.REVIEW, Function.ADMINISTRATION, agency_id=agency.id)
        session.commit()
    return staffed


@pytest.mark.parametrize(
    "words",
    [
        CAMPAIGN,
        AGENCY,
        ("region", "open", "310000"),
        ("person", "--id-number", CLERK, "--name", "王芳", "--region", "310000"),
        ("staff", "appoint", "audit", "--id-number", SECOND, "--because", "任命"),
        ("staff", "end", "1", "--because", "离职"),
        ("staff", "set-up-code", "--id-number", SECOND),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_function_elsewhere_runs_no_command_here(elsewhere, words):
    told = elsewhere.run(*words, "--operator", CLERK, exit_code=2)

    assert "has not the function" in told


def test_a_function_elsewhere_checks_nothing_by_command(elsewhere):
    told = elsewhere.run("staff", "appoint", "parameters", "--id-number", SECOND,
                         "--because", "任命", "--operator", FIRST)  # fmt: skip

    told = elsewhere.run("tasks", "approve", told.split()[-1], "--operator", CLERK, exit_code=2)

    assert "has not the function" in told


@pytest.mark.parametrize("because", [" ", "字" * 501])
def test_a_command_wants_the_reason_that_a_page_wants(staffed, because):
    told = staffed.run("staff", "appoint", "parameters", "--id-number", SECOND,
                       "--because", because, "--operator", FIRST, exit_code=2)  # fmt: skip

    assert "1 to 500" in told


def test_a_task_that_cannot_be_done_any_more_says_why_by_command(staffed):
    with database(staffed.app).writers() as session:
        people = {
            number: session.scalars(select(Person).where(Person.id_number == number)).one()
            for number in (FIRST, SECOND)
        }
        for person in people.values():
            appoint(session, person, Function.REGISTRATION)
        dead = factories.make_person(session, region_code="310000")
        maker = people[FIRST]
        account = session.scalars(select(Account).where(Account.person_id == maker.id)).one()
        task = propose(
            session, DEATH, f"person:{dead.id}",
            {"person_id": dead.id, "died_on": "2026-01-02"}, "死亡证明", region_code="310000",
            doing=Doing(Actor(account.id, maker.id), NOW, packs_in_force(session)),
        )  # fmt: skip
        dead.died_on = date(2026, 1, 2)
        session.commit()
    assert "Died on" in staffed.run("tasks", "list")

    told = staffed.run("tasks", "approve", task.reference, "--operator", SECOND, exit_code=1)

    assert "The death is registered already." in told


def test_no_command_appoints_for_an_agency_that_is_none(staffed):
    told = staffed.run("staff", "appoint", "review", "--id-number", SECOND, "--agency", "999",
                       "--because", "任命", "--operator", FIRST, exit_code=2)  # fmt: skip

    assert "no agency with this number" in told
