"""An employer registers in steps, changes its registration, and ends it when nothing is owed."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.mandate import Mandate
from siweb.collection.payments.allocate import allocate
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.payment import MatchedBy
from siweb.filings.employers.registration.obstacles import find_obstacles
from siweb.registry.codes import EmployerStatus, Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from tests import factories
from tests.bills import make_bill, receive

STEPS = {
    "code": {"name": "新办公司", "kind": "enterprise", "region_code": "310000"},
    "industry": {"industry_code": "C21", "established_on": "2026-11-02"},
    "addresses": {"address": "示范路1号", "phone": "021-12345678"},
    "people": {
        "legal_representative": "王芳",
        "handler_name": "李雷",
        "handler_phone": "13800001234",
    },
    "bank": {"bank_name": "示范银行", "bank_account": "6222 0000 1111"},
    "insurances": {"insurances": ["pension", "medical"]},
}


@pytest.fixture
def uscc():
    return factories.make_uscc()


@pytest.fixture
def started(browser, session):
    factories.make_region(session, "310000")
    session.commit()
    return browser.post("/employer/register").location.rsplit("/", 1)[0]


def answer(browser, started, uscc, **more):
    """Answer every step; return where the answers are checked."""
    for step, typed in STEPS.items():
        answer = browser.post(f"{started}/{step}", data={"uscc": uscc, "seen": 0} | typed | more)
        assert answer.status_code == 303, step
    return f"{started}/check"


@pytest.fixture
def answered(browser, started, uscc):
    return answer(browser, started, uscc)


def test_whoever_registers_becomes_owner_and_may_file_at_once(browser, session, answered, uscc):
    browser.post(answered)

    employer = session.scalars(select(Employer).where(Employer.uscc == uscc)).one()
    mandate = session.scalars(select(Mandate).where(Mandate.employer_id == employer.id)).one()
    assert mandate.kind == "owner"
    assert employer.status is EmployerStatus.ACTIVE
    assert employer.bank_account == "622200001111"
    assert employer.registration_due_on == date(2026, 12, 2)
    assert employer.review_due_on == date(2026, 12, 9)


def test_two_clicks_register_one(browser, session, answered, uscc):
    for _click in range(2):
        browser.post(answered)

    found = session.scalars(select(Employer).where(Employer.uscc == uscc)).all()
    assert len(found) == 1


@pytest.mark.parametrize("page", ["code", "check"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_was_sent_leads_to_the_employers(browser, started, answered, page, method):
    browser.post(answered)

    answer = getattr(browser, method)(f"{started}/{page}")

    assert (answer.status_code, answer.location) == (303, "/employer")


def test_a_registered_code_is_refused_at_once(browser, session, started, employer):
    session.commit()
    typed = STEPS["code"] | {"uscc": employer.uscc, "seen": 0}

    answer = browser.post(f"{started}/code", data=typed)

    assert "registered already" in answer.get_data(as_text=True)


def test_a_mistyped_code_says_what_is_wrong(browser, started, uscc):
    wrong = uscc[:-1] + ("0" if uscc[-1] != "0" else "1")

    answer = browser.post(f"{started}/code", data=STEPS["code"] | {"uscc": wrong, "seen": 0})

    assert "probably mistyped" in answer.get_data(as_text=True)


def test_the_class_is_the_industrys_and_nobody_registering_chooses_it(
    browser, session, started, uscc
):
    check = answer(browser, started, uscc, injury_class="1")
    assert "Class 5, until the agency decides another" in browser.get(check).get_data(as_text=True)

    browser.post(check)

    kept = session.scalars(select(Employer).where(Employer.uscc == uscc)).one()
    assert (kept.injury_class, kept.injury_tier_ppm) == (5, 1_000_000)


def test_a_late_registration_is_accepted_and_told(browser, session, started, uscc):
    check = answer(browser, started, uscc, established_on="2026-01-05")

    page = browser.post(check, follow_redirects=True).get_data(as_text=True)

    assert "Registered late" in page
    assert "The last day was 4 February 2026" in page


def test_somebody_elses_draft_does_not_exist(browser):
    assert browser.get("/employer/register/abc/code").status_code == 404


def test_a_change_is_kept_with_what_it_was(browser, session, employer, act_as):
    act_as("owner")
    typed = {
        "happened_on": "2026-11-02",
        "name": "乙公司",
        "address": "示范路2号",
        "legal_representative": "王芳",
        "bank_name": "示范银行",
        "bank_account": "622200001111",
    }

    browser.post(f"/employer/{employer.uscc}/registration/change", data=typed)
    page = browser.get(f"/employer/{employer.uscc}/registration").get_data(as_text=True)

    assert "甲公司 → 乙公司" in page


@pytest.fixture
def debt(session, employer):
    """A bill of an assessment over 1,000 yuan, due 100 days ago."""
    assessment = Assessment(
        reference="A1",
        kind="unregistered",
        region_code=employer.region_code,
        employer_id=employer.id,
        from_month="2026-07",
        to_month="2026-07",
        origin="test",
        facts="",
        amounts={},
        calculation=[],
        state="decided",
        opened_at=factories.AT,
        proposed_by_account_id=1,
        decided_by_account_id=2,
    )
    session.add(assessment)
    session.flush()
    bill = Bill(
        kind="assessment",
        assessment_id=assessment.id,
        region_code=employer.region_code,
        contribution_month="2026-07",
        through_month="2026-07",
        employer_id=employer.id,
        employer_fen=100_000,
        total_fen=100_000,
        due_on=date(2026, 8, 16),
        issued_at=factories.AT,
    )
    session.add(bill)
    session.flush()
    return bill


def make_paid(session, bill, on):
    """Pay the premium of a bill on a day, and nothing of its late fee."""
    session.add(
        BillLine(
            bill_id=bill.id,
            insurance="pension",
            region_code=bill.region_code,
            contribution_month=bill.contribution_month,
            employer_fen=bill.total_fen,
        )
    )
    session.flush()
    payment = receive(session, bill.total_fen, on)
    allocate(
        session,
        payment,
        [bill],
        matched_by=MatchedBy.STAFF,
        actor=SYSTEM,
        at=factories.AT,
        packs=packs_in_force(session),
    )


def test_debts_stand_in_the_way_and_are_listed(browser, employer, act_as, debt):
    act_as("owner")
    address = f"/employer/{employer.uscc}/registration/cancel"

    answer = browser.post(address, data={"happened_on": "2026-11-02"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "CNY 1,000.00 · due on 16 August 2026 · late fee to date CNY 50.00" in page


def test_a_late_fee_that_is_left_stands_in_the_way(browser, session, employer, act_as, debt):
    make_paid(session, debt, date(2026, 11, 24))
    act_as("owner")
    address = f"/employer/{employer.uscc}/registration/cancel"

    page = browser.get(address).get_data(as_text=True)

    assert "CNY 0.00 · due on 16 August 2026 · late fee to date CNY 50.00" in page


def test_an_assessment_that_is_not_finished_stands_in_the_way(
    browser, session, employer, act_as, debt
):
    session.get(Assessment, debt.assessment_id).state = "overtaken"
    act_as("owner")
    address = f"/employer/{employer.uscc}/registration/cancel"

    answer = browser.post(address, data={"happened_on": "2026-11-02"})

    assert "1 assessment is not finished yet" in answer.get_data(as_text=True)


def test_people_who_are_insured_stand_in_the_way(browser, session, employer, act_as):
    factories.make_enrolment(session, factories.make_person(session), employer=employer)
    act_as("owner")
    address = f"/employer/{employer.uscc}/registration/cancel"

    answer = browser.post(address, data={"happened_on": "2026-11-02"})

    assert "1 person is still insured here" in answer.get_data(as_text=True)


def test_nothing_owed_and_nobody_insured_ends_it(browser, session, employer, act_as):
    act_as("owner")

    browser.post(
        f"/employer/{employer.uscc}/registration/cancel", data={"happened_on": "2026-11-02"}
    )

    session.refresh(employer)
    assert employer.status is EmployerStatus.CANCELLED
    assert employer.cancelled_on == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("phone", "13800001234abc"),
        ("phone", "13800001234\n<b>"),
        ("phone", "1380000"),
        ("email", "a@example.cn<script>"),
        ("email", "a@@example.cn"),
        ("email", "nobody"),
    ],
)
def test_what_is_no_telephone_or_address_is_refused_to_its_end(
    browser, started, uscc, field, typed
):
    for step in ("code", "industry"):
        browser.post(f"{started}/{step}", data={"uscc": uscc, "seen": 0} | STEPS[step])

    wrong = STEPS["addresses"] | {field: typed, "seen": 0}

    assert browser.post(f"{started}/addresses", data=wrong).status_code == 422


def test_contacts_and_account_are_kept_in_one_form(browser, session, started, uscc):
    check = answer(
        browser, started, uscc, handler_phone="+86 138-0000-1234", email="Office@EXAMPLE.cn",
        phone="（021）1234 5678", bank_account="６２２２-0000 1111",
    )  # fmt: skip
    browser.post(check)

    kept = session.scalars(select(Employer).where(Employer.uscc == uscc)).one()
    assert (kept.phone, kept.handler_phone) == ("021-12345678", "13800001234")
    assert (kept.email, kept.bank_account) == ("Office@example.cn", "622200001111")


@pytest.mark.parametrize(("day", "status"), [("2026-11-24", 303), ("2026-11-25", 422)])
def test_a_founding_of_today_is_no_day_to_come(browser, started, uscc, day, status):
    browser.post(f"{started}/code", data={"uscc": uscc, "seen": 0} | STEPS["code"])
    typed = STEPS["industry"] | {"established_on": day, "seen": 0}

    assert browser.post(f"{started}/industry", data=typed).status_code == status


def test_what_keeps_a_registration_is_the_employers_own(session):
    employer, other = (factories.make_employer(session, region_code="310000") for _ in range(2))
    people = [factories.make_person(session, region_code="310000") for _ in range(3)]
    own, theirs = (make_bill(session, people[:1], employer=at) for at in (employer, other))
    not_sent = make_bill(session, people[:1], employer=employer)
    not_sent.issued_at = None
    factories.make_enrolment(session, people[0], employer=employer)
    factories.make_enrolment(session, people[0], Insurance.MEDICAL, employer=employer)
    factories.make_enrolment(session, people[1], employer=other)
    factories.make_enrolment(session, people[2], employer=employer, to_month="2026-10")
    session.flush()

    def found(at=employer):
        return find_obstacles(session, at.id, packs=packs_in_force(session), on=own.due_on)

    assert [debt.outstanding_fen for debt in found().debts] == [own.total_fen]
    assert (found().enrolled, found().assessments, found().total_fen) == (1, 0, own.total_fen)
    assert len(found(other).debts) == 1
    own.paid_fen = own.total_fen
    session.flush()
    # What came late has its late fee still.
    assert found().debts == []
    assert found().any
    theirs.paid_fen = 0
