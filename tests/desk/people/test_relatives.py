"""Relatives are declared, kept out of, and a declaration ends by two."""

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.staff_relation import StaffRelation
from siweb.registry.tables.person_alias import PersonAlias
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import appoint, sign_in

TODAY = NOW.date()
DIED = {"died_on": "2026-10-30", **paper("proof")}
TYPED = {"relation": "spouse", "since_on": "2020-01-01", "until_on": ""}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def browser(app, session):
    def signed_in(person, *functions):
        appoint(session, person, *functions)
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, person)
        return client

    return signed_in


@pytest.fixture
def relative(session):
    person = factories.make_person(session, name="王小妹")
    session.commit()
    return person


@pytest.fixture
def me(session):
    return factories.make_person(session, name="经办员")


@pytest.fixture
def clerk(browser, me):
    return browser(me, Function.REGISTRATION)


def declare(client, relative, address="/desk/relatives", **changed):
    return client.post(address, data=TYPED | {"id_number": relative.id_number} | changed)


def dies(client, person):
    return client.post(f"/desk/people/{person.id}/death", data=DIED)


def test_whoever_is_declared_is_left_to_a_colleague_and_still_read(clerk, session, relative):
    assert declare(clerk, relative).status_code == 303
    assert "王小妹" in clerk.get("/desk/relatives").text

    refused = dies(clerk, relative)

    assert refused.status_code == 403
    assert "ask a colleague" in refused.text
    assert clerk.get(f"/desk/people/{relative.id}").status_code == 200
    assert session.scalars(select(Task)).all() == []


def test_nobody_checks_what_a_colleague_made_about_a_relative(clerk, browser, session, relative):
    declare(clerk, relative)
    maker = browser(factories.make_person(session), Function.REGISTRATION)
    assert dies(maker, relative).status_code == 303
    task = session.scalars(select(Task)).one()

    assert clerk.post(f"/desk/tasks/{task.reference}/approve").status_code == 403
    session.expire_all()
    assert task.state is TaskState.OPEN


def test_also_the_other_registration_of_a_relative(clerk, session, relative):
    declare(clerk, relative)
    other = factories.make_person(session)
    session.add(PersonAlias(former_id=other.id, person_id=relative.id, merged_at=NOW))
    session.commit()

    assert dies(clerk, other).status_code == 403


@pytest.mark.parametrize(
    ("until", "status"), [("2026-11-23", 303), (TODAY.isoformat(), 403), ("", 403)]
)
def test_it_holds_through_its_last_day(clerk, relative, until, status):
    declare(clerk, relative, until_on=until)

    assert dies(clerk, relative).status_code == status


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id_number": ""}, "Enter the ID number."),
        ({"id_number": factories.make_id_number(serial=9777)}, "has nobody with this ID number"),
        ({"id_number": "own"}, "This is the member of staff"),
        ({"relation": ""}, "Choose the relation."),
        ({"since_on": ""}, "Enter the date."),
        ({"since_on": "0001-01-01"}, "This date is too long ago."),
        ({"since_on": "2026-11-25"}, "This date lies in the future."),
        ({"until_on": "9999-12-31"}, "This date lies in the future."),
        ({"until_on": "2019-12-31"}, "before the first day"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(clerk, session, me, relative, changed, said):
    if changed.get("id_number") == "own":
        changed = {"id_number": me.id_number}

    refused = declare(clerk, relative, **changed)

    assert refused.status_code == 422
    assert said in refused.text
    assert session.scalars(select(StaffRelation)).all() == []


def test_twice_is_once(clerk, session, relative):
    declare(clerk, relative)

    assert "declared already" in declare(clerk, relative).text
    assert len(session.scalars(select(StaffRelation)).all()) == 1


def test_an_administrator_declares_for_others_and_two_end_it(clerk, browser, session, me, relative):
    head = browser(factories.make_person(session), Function.ADMINISTRATION)
    held = session.scalar(select(Appointment.id).where(Appointment.person_id == me.id))
    page = f"/desk/staff/{held}/relatives"
    assert page in head.get(f"/desk/staff/{held}").text
    assert declare(head, relative, page).status_code == 303
    assert dies(clerk, relative).status_code == 403
    relation = session.scalars(select(StaffRelation)).one()
    ended = {f"end{relation.id}-until_on": "2026-11-01", f"end{relation.id}-because": "离婚证3号"}

    early = ended | {f"end{relation.id}-until_on": "2019-01-01"}
    assert "before the first day" in head.post(f"{page}/{relation.id}/end", data=early).text
    to_come = ended | {f"end{relation.id}-until_on": "2026-11-25"}
    assert "lies in the future" in head.post(f"{page}/{relation.id}/end", data=to_come).text
    assert head.post(f"{page}/{relation.id}/end", data=ended).status_code == 303
    assert dies(clerk, relative).status_code == 403
    check_all(session)

    assert dies(clerk, relative).status_code == 303
    assert "1 November 2026" in head.get(page).text
    assert head.post(f"{page}/999/end", data=ended).status_code == 404


def test_nobody_ends_their_own_declaration(browser, session, me, relative):
    both = browser(me, Function.ADMINISTRATION)
    declare(both, relative)
    relation = session.scalars(select(StaffRelation)).one()
    held = session.scalar(select(Appointment.id).where(Appointment.person_id == me.id))

    answer = both.post(f"/desk/staff/{held}/relatives/{relation.id}/end", data={})

    assert answer.status_code == 403
