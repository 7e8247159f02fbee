"""The agency decides an employer's rate for work injury; the levy of later months goes by it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.collection.levy.start import open_levy
from siweb.collection.tables.levy_run import LevyEmployer
from siweb.messages.kinds.registration import INJURY_RATE_RAISED
from siweb.messages.tables.message import Message
from siweb.registry.codes import Insurance
from siweb.registry.employers.injury_rate import risks_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import InjuryRate
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months
from siweb.service.remedies import remedies_of
from siweb.tasks.tables.task import Task
from tests import factories
from tests.collection.assessments.test_pages import text_of
from tests.desk.assessments.test_assessments import NOON, clock, desk  # noqa: F401 - fixtures
from tests.papers import paper
from tests.second_person import check_all
from tests.served import serve
from tests.sign_in import sign_in

RATE = {
    "injury_class": "4",
    "injury_tier": "500000",
    "from_month": "2026-09",
    **paper("because", "浮动费率核定书〔2026〕7号，2026年8月20日"),
}


@pytest.fixture
def employer(session):
    return factories.make_employer(
        session, region_code="310000", name="示范机械有限公司", injury_class=4
    )


@pytest.fixture
def staff(desk):  # noqa: F811
    return desk()


def insure(session, employer):
    person = factories.make_person(session, region_code="310000")
    factories.make_enrolment(session, person, Insurance.WORK_INJURY, employer=employer)


def decide(staff, employer, **typed):
    return staff.post(f"/desk/employers/{employer.uscc}/injury-rate", data=RATE | typed)


def risk_of(session, employer, month):
    """The rate by which a month is billed that is begun now."""
    begun = {"actor": SYSTEM, "on": NOON.date(), "at": NOON, "may_be_provisional": True}
    run = open_levy(session, "310000", month, packs=packs_in_force(session), **begun)
    kept = session.scalars(
        select(LevyEmployer).where(
            LevyEmployer.levy_run_id == run.id, LevyEmployer.employer_id == employer.id
        )
    ).one()
    return kept.injury_class, kept.injury_tier_ppm


def decisions(session):
    found = session.scalars(select(InjuryRate).order_by(InjuryRate.decision_number)).all()
    return [(each.from_month, each.injury_class, each.injury_tier_ppm) for each in found]


@pytest.mark.parametrize(("month", "tier"), [("2026-08", 1_000_000), ("2026-07", 500_000)])
def test_the_levy_goes_by_it_from_its_month_on(staff, session, employer, month, tier):
    insure(session, employer)
    assert decide(staff, employer, from_month=month).status_code == 303
    assert decisions(session) == []
    page = text_of(staff.get(f"/desk/employers/{employer.uscc}"))
    assert "Decide an employer’s rate for work injury" in page

    check_all(session)

    assert decisions(session) == [(month, 4, 500_000)]
    assert risk_of(session, employer, "2026-07") == (4, tier)
    page = text_of(staff.get(f"/desk/employers/{employer.uscc}/rate"))
    assert "Class 4 at 50 %" in page
    assert "浮动费率核定书〔2026〕7号" in page


def test_the_employer_is_told_and_reads_what_holds(desk, client, session, employer):  # noqa: F811
    decide(desk(), employer, from_month="2026-08")
    check_all(session)
    owner = factories.make_person(session, name="丙")
    factories.make_mandate(session, factories.make_account(session, owner), employer)
    session.commit()
    sign_in(client, session, owner)

    told = text_of(client.get(f"/employer/{employer.uscc}/messages"))
    assert "The agency decided your rate for work injury" in told
    assert "Class 4 at 50 %" in text_of(client.get(f"/employer/{employer.uscc}/registration"))


def test_a_higher_rate_waits_for_its_service_and_holds_from_the_month_after(
    staff, session, employer
):
    insure(session, employer)
    decide(staff, employer, from_month="2026-08", injury_tier="1500000")
    check_all(session)
    assert decisions(session) == []
    assert risk_of(session, employer, "2026-08") == (4, 1_000_000)
    session.commit()

    served_on = NOON.date() + timedelta(days=40)
    assert serve(session, served_on, INJURY_RATE_RAISED) == 1

    month = add_months(f"{served_on:%Y-%m}", 1)
    assert decisions(session) == [(month, 4, 1_500_000)]
    kept = session.scalars(select(InjuryRate)).one()
    assert kept.decided_on == NOON.date()
    assert "浮动费率核定书〔2026〕7号" in kept.basis
    assert kept.made_by_account_id != kept.checked_by_account_id
    [message] = session.scalars(select(Message).where(Message.kind == INJURY_RATE_RAISED.name))
    remedies = remedies_of(packs_in_force(session), message, served_on)
    assert remedies is not None and remedies.review > served_on


def test_a_higher_rate_that_was_decided_otherwise_since_never_holds(staff, session, employer):
    decide(staff, employer, from_month="2026-08", injury_tier="1500000")
    check_all(session)
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        decide(staff, employer, from_month="2026-08", injury_tier="800000")
        check_all(session)

    serve(session, NOON.date(), INJURY_RATE_RAISED)

    assert decisions(session) == [("2026-08", 4, 800_000)]


def test_of_two_decisions_for_a_month_the_later_holds(staff, session, employer):
    for tier in ("800000", "500000"):
        decide(staff, employer, injury_tier=tier)
        check_all(session)

    assert decisions(session) == [("2026-09", 4, 800_000), ("2026-09", 4, 500_000)]
    risks = risks_of(session, employer)
    assert [risks.in_month(month) for month in ("2026-08", "2026-09", "2027-01")] == [
        (4, 1_000_000), (4, 500_000), (4, 500_000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"from_month": "2026-07"}, "from_month", "This month was billed already."),
        ({"injury_class": "1", "injury_tier": "800000"}, "injury_tier", "does not have this tier"),
        ({"injury_tier": "1000000"}, "injury_class", "holds in that month already"),
        ({"from_month": ""}, "from_month", "Enter the first month."),
        (paper("because", ""), "because-kind", "Choose what paper it is."),
    ],
)
def test_what_cannot_be_decided_is_said_beside_its_field(
    staff, session, employer, typed, field, sentence
):
    insure(session, employer)
    assert risk_of(session, employer, "2026-07") == (4, 1_000_000)
    session.commit()

    answer = decide(staff, employer, **typed)

    page = text_of(answer)
    assert answer.status_code == 422
    assert f'id="{field}-error">' in page
    assert sentence in page
    assert session.scalars(select(Task)).all() == []


def test_who_bills_decides_and_nobody_else(desk, session, employer):  # noqa: F811
    client = desk("乙", (Function.FINANCE,))

    assert "Send the decision" not in text_of(client.get(f"/desk/employers/{employer.uscc}"))
    assert decide(client, employer).status_code == 404
    assert session.scalars(select(Task)).all() == []


def test_nobody_decides_of_a_firm_they_act_for(desk, session, employer):  # noqa: F811
    staff = desk("乙")
    clerk = session.scalars(select(Person).where(Person.name == "乙")).one()
    account = session.scalars(select(Account).where(Account.person_id == clerk.id)).one()
    factories.make_mandate(session, account, employer)
    session.commit()

    assert decide(staff, employer).status_code == 403


def test_an_employer_is_found_by_the_beginning_of_its_name_or_its_code(staff, session, employer):
    factories.make_region(session, "110000")
    factories.make_employer(session, region_code="110000", name="示范机械二厂")

    for typed in ("示范机械有", employer.uscc, employer.uscc.lower()):
        page = text_of(staff.get("/desk/employers", query_string={"q": typed}))
        assert f"/desk/employers/{employer.uscc}" in page
        assert "示范机械二厂" not in page
    for typed in ("机械", "%", "示范_械"):
        page = text_of(staff.get("/desk/employers", query_string={"q": typed}))
        assert "No employer of your regions has this name." in page
    assert "No employer" not in text_of(staff.get("/desk/employers"))
    assert staff.get("/desk/employers/91310000000000000X").status_code == 404
