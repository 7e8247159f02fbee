"""Every action of two people says by which deed it is undone, and what is cheap is done and undone.

The actions come from their registry, the forms from the walk of two people.
"""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.appointment import Appointment
from siweb.collection.books.seal_day import seal_day
from siweb.desk.tasks.actions import ACTIONS
from siweb.desk.tasks.two_people import BY_TWO
from siweb.desk.tasks.undoing import UNDOING
from siweb.registry.register_death import register_death, take_back_death
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.tasks.tables.task import Task
from siweb.tasks.third_person import limits_in_force
from tests import factories
from tests.bills import PACK_REGION, SEAL_KEY
from tests.collection.corrections.test_join_registrations import findings
from tests.conftest import NOW
from tests.desk.tasks.two_person_forms import Forms
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in
from tests.signs.made import make_benefit


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(app, session):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    maker = factories.make_person(session, name="经办员")
    appoint(session, maker, *EVERY_FUNCTION)
    sign_in(client, session, maker)
    return client


def test_every_action_says_how_it_is_undone():
    assert set(UNDOING) == set(ACTIONS)
    for undoing in UNDOING.values():
        assert undoing.by is None or ACTIONS[undoing.by.kind] is undoing.by
        # An action of the desk is led to, and whoever else undoes it is named.
        assert undoing.by is None or undoing.address is not None


def appointment_of(session, task):
    asked = select(Appointment.id).where(Appointment.person_id == task.person_id)
    return session.scalars(asked.order_by(Appointment.id.desc())).first()


# What is sent to undo it: where, and what is typed, by the form that did it.
BACK = {
    "limit_desk.propose_limit": lambda _session, _task: (
        "/desk/limits", {"region": PACK_REGION, "above": "", **paper("because", "2号")},
    ),
    "agency_desk.set_insurances": lambda _session, task: (
        f"/desk/agencies/{task.change['agency_id']}/insurances",
        {"runs-insurances": [
            "pension", "medical", "unemployment", "work_injury", "maternity",
        ], **paper("runs-because", "2号")},
    ),
    "people_desk.death": lambda _session, task: (
        f"/desk/people/{task.person_id}/alive", paper("alive", "2号"),
    ),
    "people_desk.alive": lambda _session, task: (
        f"/desk/people/{task.person_id}/death",
        {"died_on": "2026-11-01", **paper("proof", "2号")},
    ),
    "staff_desk.propose_one": lambda session, task: (
        f"/desk/staff/{appointment_of(session, task)}/end", {"because": "误授"},
    ),
    "merging_desk.join": lambda _session, task: (
        f"/desk/merging/{task.change['former_id']}/separate", paper("paper", "2号"),
    ),
}  # fmt: skip


def rights(session):
    """What these deeds change, as it holds now, however many rows say it."""
    session.expire_all()
    return {
        "limits": {
            region: each.limit.above_fen for region, each in limits_in_force(session).items()
            if each.limit.above_fen is not None
        },
        # An agency for which nothing was set runs all.
        "agencies": sorted(
            (each.id, sorted(each.insurances or ())) for each in session.scalars(select(Agency))
            if len(each.insurances or ()) not in {0, 5}
        ),
        "dead": sorted(session.scalars(select(Person.id).where(Person.died_on.is_not(None)))),
        "aliases": sorted(session.scalars(select(PersonAlias.former_id))),
        "claims": sorted(
            map(tuple, session.execute(select(EnrolmentClaim.person_id, EnrolmentClaim.insurance)))
        ),
        "functions": sorted(
            map(tuple, session.execute(
                select(Appointment.person_id, Appointment.function).where(
                    Appointment.ended_at.is_(None)
                )
            ))
        ),
    }  # fmt: skip


@pytest.mark.parametrize("endpoint", sorted(BACK))
def test_what_was_done_is_led_back_and_holds_as_before(client, session, tmp_path, endpoint):
    _page, address, typed = getattr(Forms(session, tmp_path), endpoint.partition(".")[2])()
    session.commit()
    before = rights(session)
    assert client.post(address, data=typed).status_code == 303
    task = session.scalars(select(Task)).one()
    assert task.kind == BY_TWO[endpoint].kind
    check_all(session)
    session.commit()
    assert rights(session) != before

    shown = client.get(f"/desk/tasks/{task.reference}").text
    link = re.search(r"If it was wrong</h2>.*?href=\"([^\"]+)\"", shown, re.DOTALL)
    assert client.get(link[1]).status_code == 200
    address, typed = BACK[endpoint](session, task)
    answer = client.post(address, data=typed)
    assert answer.status_code == 303, answer.text
    back = session.scalars(select(Task).order_by(Task.id.desc())).first()
    assert back.kind == UNDOING[task.kind].by.kind
    check_all(session)

    assert rights(session) == before
    # Once it is undone its page still leads somewhere, and undoing it once more comes to nothing.
    assert client.get(link[1], follow_redirects=True).status_code == 200
    again = client.post(address, data=typed, follow_redirects=True).text
    assert "error-summary" in again or "there is nothing to separate" in again
    assert session.scalar(select(func.count(Task.id))) == 2


def test_who_was_registered_as_dead_is_insured_and_draws_as_before(session):
    person = factories.make_person(session, born_on=date(1960, 5, 1))
    for insurance, begin, end in (
        ("medical", "2024-01", None), ("pension", "2024-01", "2026-12"),
        ("unemployment", "2026-12", None), ("maternity", "2020-01", "2021-01"),
    ):  # fmt: skip
        factories.make_enrolment(session, person, insurance, from_month=begin, to_month=end)
    benefit = make_benefit(session, person)
    columns = (Enrolment.insurance, Enrolment.from_month, Enrolment.to_month, Enrolment.scheme)
    asked = select(*columns).order_by(Enrolment.insurance)
    before = session.execute(asked).all(), benefit.state, rights(session)
    by, was_found = {"actor": SYSTEM, "at": NOW}, findings(session)
    register_death(session, person.id, date(2026, 11, 1), on=NOW.date(), **by)
    session.expire_all()
    assert (session.execute(asked).all(), benefit.state, rights(session)) != before

    seal_day(session, key=SEAL_KEY, on=NOW.date(), **by)
    assert take_back_death(session, person.id, **by) == (3, 1)

    session.expire_all()
    assert (session.execute(asked).all(), benefit.state, rights(session)) == before
    assert findings(session) == was_found


def test_who_separates_sees_what_stays_open_under_the_other_one(client, session):
    former, person = (factories.make_person(session) for _each in range(2))
    factories.make_pension_transfer(session, person)
    session.add(PersonAlias(former_id=former.id, person_id=person.id, merged_at=NOW))
    session.commit()

    page = client.get(f"/desk/merging/{former.id}/separate").text

    assert "settle first what is the other person" in page
    assert 'href="/desk/transfers/' in page


def test_no_death_is_taken_back_once_heirs_are_paid(client, session, tmp_path):
    _page, address, typed = Forms(session, tmp_path).heirs()
    session.commit()
    client.post(address, data=typed)
    check_all(session)
    task = session.scalars(select(Task)).one()

    refused = client.post(f"/desk/people/{task.person_id}/alive", data=paper("alive", "2号"))

    assert refused.status_code == 422
    assert "A death is not taken back here after that" in refused.text


def test_a_death_is_not_taken_back_into_an_insurance_that_runs_elsewhere(client, session, tmp_path):
    _page, address, typed = Forms(session, tmp_path).alive()
    [person] = session.scalars(select(Person).where(Person.died_on.is_not(None)))
    # What the death ended would go on beside what was begun since.
    factories.make_region(session, "110000")
    factories.make_enrolment(session, person, region_code="110000", from_month="2026-11")
    session.commit()

    refused = client.post(address, data=typed)

    assert refused.status_code == 422
    assert "end that first" in refused.text
    assert session.scalar(select(func.count(Task.id))) == 0
