"""Every action of two people says by which deed it is undone, and what is cheap is done and undone.

The actions come from their registry, the forms from the walk of two people.
"""

import re
from datetime import date
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.appointment import Appointment
from siweb.collection.books.seal_day import seal_day
from siweb.desk.staff.keeping.actions import DESTROY
from siweb.desk.tasks.actions import ACTIONS
from siweb.desk.tasks.two_people import BY_TWO
from siweb.desk.tasks.undoing import UNDOING
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.registry.register_death import register_death, take_back_death
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.benefit import BenefitWithdrawal
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.tasks.tables.task import Task, TaskState
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

ROOT = Path(__file__).parents[3]


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


def test_every_entry_names_forms_that_its_function_may_send(app):
    """Each is either an action of two people, or a form that is there, or says that none is."""
    by_action = {action.kind: endpoint for endpoint, action in BY_TWO.items()}
    takes = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    none = set()
    for kind, undoing in UNDOING.items():
        if undoing.by is not None:
            endpoint = by_action[undoing.by.kind]
            assert endpoint in takes
            marked = app.view_functions[endpoint].access.removeprefix("duty:").split(",")
            assert undoing.by.function.value in marked
        for endpoint in undoing.through:
            assert endpoint in takes, endpoint
            assert hasattr(app.view_functions[endpoint], "access")
        if undoing.by is None and not undoing.through:
            none.add(kind)
    # What is destroyed is gone: its list is looked at by two, and a backup from before has it.
    assert none == {DESTROY.kind}


# Where the forms that one person sends are sent in a test; those of two are in their own walk.
SENT_IN = {
    "auth.set_up_factor": "auth/credentials/test_second_factor.py",
    "certificates.ask": "ledgers/certificates/test_certificates.py",
    "help_desk.end": "helping/test_desk.py",
    "help_desk.end_appointed": "helping/test_desk.py",
    "keeping_desk.hold": "desk/people/test_keeping.py",
    "payout_desk.take_in": "desk/payments/test_payouts.py",
    "people_desk.bring": "desk/tasks/test_once.py",
    "people_desk.send": "desk/tasks/test_once.py",
    "pensions.start": "pensions/test_pension.py",
    "program_desk.end": "api/test_office_lists.py",
    "registration.cancel": "filings/employers/test_registration.py",
    "registration.change": "filings/employers/test_registration.py",
    "relative_desk.declare": "desk/people/test_relatives.py",
    "review_tasks.end_resident": "desk/tasks/two_person_forms.py",
    "sign_desk.examine": "signs/test_lists.py",
    "transfers.start": "transfers/test_transfer.py",
}


def test_every_form_that_undoes_something_is_sent_in_a_test(app):
    through = {endpoint for undoing in UNDOING.values() for endpoint in undoing.through}
    assert set(SENT_IN) == through
    addresses = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    missing = [
        endpoint
        for endpoint, place in SENT_IN.items()
        if _last_word(addresses[endpoint]) not in (ROOT / "tests" / place).read_text()
    ]
    assert missing == []


def _last_word(address):
    """Return the last part of an address that is the same for every row."""
    return [part for part in address.split("/") if part and not part.startswith("<")][-1]


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
    "account_correction_desk.set_entry_right": lambda _session, task: (
        f"/desk/people/{task.person_id}/account/set-right",
        {"entry": task.change["key"], "right": "50000.00", **paper("because", "2号")},
    ),
    "benefit_correction_desk.withdraw_one": lambda _session, task: (
        f"/desk/benefits/people/{task.person_id}/begin-again",
        {
            "begin-benefit": str(task.change["benefit_id"]),
            "begin-from_month": task.change["from_month"], **paper("begin-because", "2号"),
        },
    ),
    "benefit_correction_desk.begin_one_again": lambda _session, task: (
        f"/desk/benefits/people/{task.person_id}/withdraw",
        {
            "withdraw-benefit": str(task.change["benefit_id"]),
            "withdraw-from_month": task.change["withdrawn_from"], **paper("withdraw-because", "2号"),
        },
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
        "balances": sorted(
            map(tuple, session.execute(
                select(AccountEntry.person_id, func.sum(AccountEntry.amount_fen)).group_by(
                    AccountEntry.person_id
                )
            ))
        ),
        # Decided, whether served by now or not.
        "withdrawn": sorted(
            map(tuple, session.execute(
                select(BenefitWithdrawal.benefit_id, BenefitWithdrawal.from_month).where(
                    BenefitWithdrawal.resumed_at.is_(None)
                )
            ))
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
def test_what_was_done_is_led_back_and_holds_as_before(app, client, session, tmp_path, endpoint):
    _page, address, typed = getattr(Forms(session, tmp_path), endpoint.partition(".")[2])()
    session.commit()
    before = rights(session)
    assert client.post(address, data=typed).status_code == 303
    task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
    made_before = session.scalar(select(func.count(Task.id))) - 1
    assert task.kind == BY_TWO[endpoint].kind
    with app.app_context():
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
    with app.app_context():
        check_all(session)

    assert rights(session) == before
    # Once it is undone its page still leads somewhere, and undoing it once more comes to nothing.
    assert client.get(link[1], follow_redirects=True).status_code == 200
    again = client.post(address, data=typed, follow_redirects=True).text
    said = ("error-summary", "there is nothing to separate")
    assert any(words in again for words in said)
    assert session.scalar(select(func.count(Task.id))) == 2 + made_before


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
