"""A flexible worker begins to insure herself, is billed, and stops (SIL 10, 23, 58)."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.tables.bill import Bill
from siweb.documents.tables.document import Document
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.merge_keys import add_alias
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.conftest import NOW
from tests.levies import levy
from tests.sign_in import sign_in

REGION, HOME = "310000", "/own-insurance"


def begin(browser):
    return browser.post(f"{HOME}/start").location.rpartition("/")[0]


def answer(
    browser, case, insurances=("pension", "medical"), amount="8000", every="month", bank=None
):
    steps = {
        "work": {"work": "other"},
        "city": {"region_code": REGION},
        "insurances": {"insurances": list(insurances)},
        "base": {"choice": "other", "amount": amount},
        "pay": {"every": every},
        "bank": bank or {},
        "contact": {"mobile": "13800001234"},
    }
    for step, given in steps.items():
        browser.post(f"{case}/{step}", data={"seen": 0} | given)


def join(browser, **given):
    case = begin(browser)
    answer(browser, case, **given)
    return browser.post(f"{case}/check")


def rows(session):
    query = select(Enrolment).order_by(Enrolment.insurance, Enrolment.sequence)
    return [
        (row.insurance.value, row.scheme.value, row.from_month, row.to_month, row.sequence)
        for row in session.scalars(query.execution_options(populate_existing=True))
    ]


def test_she_is_enrolled_from_this_month_with_her_base_and_a_receipt(browser, session, person):
    sent = join(browser)

    assert rows(session) == [
        ("pension", "flexible", "2026-11", None, 0),
        ("medical", "flexible", "2026-11", None, 0),
    ]
    (base,) = session.scalars(select(DeclaredBase)).all()
    assert (base.declared_base_fen, base.from_month, base.employer_id) == (800_000, "2026-11", None)
    receipt = browser.get(sent.location).text
    assert "Pension insurance, Medical insurance" in receipt
    assert "8,000.00" in receipt
    page = browser.get(HOME).text
    assert "You pay for yourself" in page
    assert "since November 2026" in page


def test_what_she_joined_is_billed_to_her_and_proved(browser, session, person):
    join(browser, insurances=["pension"])

    levy(session, REGION, "2026-11")

    (bill,) = session.scalars(select(Bill)).all()
    # 20 % of the base (国发〔2005〕38号).
    assert (bill.person_id, bill.total_fen) == (person.id, 160_000)
    assert not check_books(session, packs_in_force(session), Scope())


def test_sent_twice_she_is_enrolled_once(browser, session):
    case = begin(browser)
    answer(browser, case)

    assert browser.post(f"{case}/check").status_code == 303
    assert browser.post(f"{case}/check").location == HOME

    assert len(rows(session)) == 2
    assert len(session.scalars(select(Document)).all()) == 1


def test_what_an_employer_insures_is_not_offered(browser, session, person):
    employer = factories.make_employer(session, name="甲公司", region_code=REGION)
    factories.make_enrolment(
        session, person, employer=employer, insurance="pension", from_month="2025-01"
    )
    session.commit()

    assert "甲公司" in browser.get(HOME).text
    case = begin(browser)
    answer(browser, case)
    page = browser.get(f"{case}/insurances").text

    assert 'value="pension"' not in page
    assert 'value="medical"' in page


def test_an_employer_who_was_first_meanwhile_is_told(browser, session, person):
    case = begin(browser)
    answer(browser, case, insurances=["pension"])
    employer = factories.make_employer(session, region_code="440100")
    factories.make_enrolment(
        session, person, employer=employer, insurance="pension", from_month="2026-11",
        region_code=factories.make_region(session, "440100").code,
    )  # fmt: skip
    session.commit()

    sent = browser.post(f"{case}/check")

    assert [row[1] for row in rows(session)] == ["employee"]
    assert not session.scalars(select(DeclaredBase)).all()
    assert browser.get(sent.location).status_code in {200, 303}


def test_what_is_added_goes_by_the_base_that_holds(browser, session):
    join(browser, insurances=["pension"])

    case = begin(browser)
    assert browser.get(f"{case}/base").status_code == 303
    answer(browser, case, insurances=["medical"])
    browser.post(f"{case}/check")

    assert [row[0] for row in rows(session)] == ["pension", "medical"]
    assert len(session.scalars(select(DeclaredBase)).all()) == 1


def test_she_stops_with_this_month_and_may_begin_again_in_it(browser, session, person):
    join(browser)

    stopped = browser.post(f"{HOME}/stop", data={"insurances": ["medical"]})
    assert "Last insured month" in browser.get(stopped.location).text
    assert rows(session)[1] == ("medical", "flexible", "2026-11", "2026-11", 0)
    assert rows(session)[0][3] is None

    join(browser, insurances=["medical"])
    assert rows(session)[2] == ("medical", "flexible", "2026-11", None, 1)
    levy(session, REGION, "2026-11")
    billed = session.scalars(select(ContributionRecord.insurance)).all()
    # Two rows of one month, and one record.
    assert sorted(insurance.value for insurance in billed) == ["medical", "pension"]
    assert not check_books(session, packs_in_force(session), Scope())


def test_each_region_confirms_what_ended_there(browser, session, person):
    other = factories.make_region(session, "110000").code
    for insurance, region in (("pension", REGION), ("medical", other)):
        factories.make_enrolment(
            session, person, insurance=insurance, region_code=region, from_month="2025-01"
        )
    session.commit()

    browser.post(f"{HOME}/stop", data={"insurances": ["pension", "medical"]})

    receipts = dict(session.execute(select(Document.region_code, Document.payload)).all())
    assert receipts.keys() == {REGION, other}
    named = {region: "Pension insurance" in str(said) for region, said in receipts.items()}
    assert named == {REGION: True, other: False}


def test_who_stops_may_be_hired_the_same_day(browser, session, person):
    join(browser)
    browser.post(f"{HOME}/stop", data={"insurances": ["pension", "medical"]})

    employer = factories.make_employer(session, region_code=REGION)
    factories.make_enrolment(
        session, person, employer=employer, insurance="pension", from_month="2026-12"
    )

    assert browser.get(f"{HOME}/stop").location == HOME


def test_what_another_key_of_hers_pays_alone_is_hers_to_stop(browser, session, person):
    other = factories.make_person(session, name="王芳", region_code=REGION)
    factories.make_enrolment(session, other, insurance="pension", from_month="2025-01")
    add_alias(session, other.id, person.id, actor=SYSTEM, at=NOW)
    session.commit()

    assert "since January 2025" in browser.get(HOME).text
    browser.post(f"{HOME}/stop", data={"insurances": ["pension"]})

    assert rows(session) == [("pension", "flexible", "2025-01", "2026-11", 0)]


def test_nothing_chosen_stops_nothing(browser, session):
    join(browser)

    answer = browser.post(f"{HOME}/stop", data={})

    assert answer.status_code == 422
    assert "Choose at least one insurance." in answer.text
    assert not any(row[3] for row in rows(session))


@pytest.mark.parametrize(
    ("born_on", "may"), [(date(2010, 11, 24), True), (date(2010, 11, 25), False)]
)
def test_it_begins_on_the_sixteenth_birthday(client, session, born_on, may):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, factories.make_person(session, born_on=born_on, region_code=REGION))

    page = client.get(HOME).text

    assert ("Start or go on" in page) is may
    assert ("sixteenth birthday" in page) is not may
    assert (client.post(f"{HOME}/start").location == HOME) is not may


@pytest.mark.parametrize(
    ("state", "may"), [(BenefitState.SUSPENDED, False), (BenefitState.TERMINATED, True)]
)
def test_who_draws_a_pension_pays_nothing_in(browser, session, person, state, may):
    session.add(
        Benefit(
            person_id=person.id, region_code=REGION, kind=BenefitKind.PENSION, monthly_fen=1,
            from_month="2020-01", state=state, certified_on=date(2026, 1, 1),
            suspended_from_month="2026-06" if state is BenefitState.SUSPENDED else None,
        )
    )  # fmt: skip
    session.commit()

    assert ("Start or go on" in browser.get(HOME).text) is may


def test_anothers_answers_are_not_there(browser, app, session):
    case = begin(browser)
    stranger = app.test_client()
    sign_in(stranger, session, factories.make_person(session))

    assert stranger.get(f"{case}/work").status_code == 404
    assert stranger.post(f"{case}/check").status_code == 404
