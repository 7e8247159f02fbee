"""Somebody sees the coming pension, applies for it, and two people decide."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import Actor, Channel
from siweb.auth.tables.appointment import Function
from siweb.documents.tables.document import Document
from siweb.ledgers.account.transfer import Brought, bring_in
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.ledgers.tables.temporary_account import TemporaryAccount
from siweb.messages.tables.message import Message
from siweb.pensions.eligibility import first_months
from siweb.pensions.tables.pension_application import ApplicationState, PensionApplication
from siweb.registry.register_death import register_death
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.rules.benefits.retirement import Retirement
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.pensions.conftest import REGION

HOME, DESK = "/pension", "/desk/pensions"
TODAY = date(2026, 11, 24)
CARD = "6222 0212 3456 7890 128"
ANSWERS = {
    "month": {"from_month": "2026-12"},
    "bank": {"bank_name": "示范银行", "bank_card": CARD},
    "delivery": {"mobile": "13800001234", "address": "示范路1号"},
}
APPROVAL = paper("papers", "档案2026-8号")


def answer(client, **changed):
    case = client.post(f"{HOME}/start").location.rpartition("/")[0]
    for step, given in (ANSWERS | changed).items():
        client.post(f"{case}/{step}", data={"seen": 0} | given)
    return case


def apply(client, **changed):
    return client.post(f"{answer(client, **changed)}/check")


def applied(session):
    session.expire_all()
    return session.scalars(select(PensionApplication).order_by(PensionApplication.id)).all()


def told(session):
    return set(session.scalars(select(Message.kind)))


def send_to_check(clerk, session, deed, **typed):
    """Propose a decision; return the address of its task."""
    [application] = applied(session)
    sent = clerk.post(f"{DESK}/{application.reference}/{deed}", data=typed)
    assert sent.status_code == 303, sent.text
    task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
    return f"/desk/tasks/{task.reference}"


def test_the_estimate_comes_from_ones_own_record_and_leads_to_the_application(me):
    page = me.get(HOME).text

    assert "192 months count for you; 180 months are needed from November 2026 on." in page
    assert 'action="/pension/start"' in page
    assert "Estimate from your record" in page
    assert HOME in me.get("/record/account").text
    shown = me.get(f"/cities/{REGION}/calculators/pension-estimate?months_paid=192&index=1&balance=1"
                   "&age_years=63&average_wage=9000").text  # fmt: skip
    assert f'href="{HOME}"' in shown


def test_who_applies_gets_a_receipt_and_the_last_day(me, session, person):
    sent = apply(me)

    [application] = applied(session)
    # 20 working days after 24 November 2026 (OpReg 18).
    assert application.decide_by == date(2026, 12, 22)
    assert (application.from_month, application.bank_card) == ("2026-12", "6222021234567890128")
    page = me.get(sent.location).text
    assert "decides by 22 December 2026" in page
    assert "6222021234567890128" not in page
    assert "0128" in page
    receipt = me.get(re.search(r'href="(/documents/[^"]+)"', page)[1]).text
    assert "Received" in receipt
    assert person.address == "示范路1号"
    assert told(session) == {"pension_applied"}
    assert "6222021234567890128" not in session.scalars(select(Document)).one().payload["facts"][2]


def test_sent_twice_it_is_one_application_and_nobody_has_two(me, session):
    case = answer(me)
    me.post(f"{case}/check")
    me.post(f"{case}/check")

    assert me.post(f"{HOME}/start").location == HOME
    assert "Your application waits for its decision." in me.get(HOME).text
    assert len(applied(session)) == 1


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        ("6222 0212 3456 7890 127", "A digit must be mistyped"),
        ("62220212345678", "this one has 14"),
        ("6222-卡-1", "only digits"),
    ],
)
def test_a_mistyped_card_is_told(me, card, sentence):
    case = answer(me)

    page = me.post(f"{case}/bank", data={"seen": 1, "bank_name": "示范银行", "bank_card": card})

    assert page.status_code == 422
    assert sentence in page.text


def test_it_is_withdrawn_while_nobody_has_decided_and_asked_for_anew(me, session):
    address = apply(me).location

    assert "You may apply again" in me.post(f"{address}/withdraw", follow_redirects=True).text
    me.post(f"{address}/withdraw")
    apply(me)

    assert [each.state.value for each in applied(session)] == ["withdrawn", "sent"]


def test_two_people_approve_and_the_pension_is_there(me, session, person, clerks):
    first, second = clerks
    address = apply(me).location
    assert "王建国" in first.get("/desk?kind=pensions").text
    task = send_to_check(first, session, "approve", **APPROVAL)

    assert session.scalars(select(Benefit)).all() == []
    assert "You made this yourself" in first.post(f"{task}/approve", follow_redirects=True).text
    second.post(f"{task}/approve")

    [application], benefit = applied(session), session.scalars(select(Benefit)).one()
    assert application.state is ApplicationState.APPROVED
    assert (benefit.kind, benefit.state) == (BenefitKind.PENSION, BenefitState.ACTIVE)
    assert (benefit.from_month, benefit.certified_on) == ("2026-12", TODAY)
    assert benefit.monthly_fen == application.monthly_fen == application.estimate["total_fen"]
    assert application.made_by_account_id != application.checked_by_account_id
    page = me.get(address).text
    assert "a month from December 2026 on" in page
    assert "administrative review until" in page
    decision = me.get(re.search(r'href="(/documents/[^"]+)"', page)[1]).text
    assert "Approved" in decision
    assert "pension_approved" in told(session)
    assert me.post(f"{address}/withdraw").status_code == 303
    assert applied(session)[0].state is ApplicationState.APPROVED
    assert "You draw a pension already." in me.get(HOME).text


def test_what_differs_from_the_estimate_is_explained(me, session, person, clerks):
    first, second = clerks
    address = apply(me).location
    factories.make_record(session, person, "2026-01")
    factories.make_account_entry(session, person, 2026, EntryKind.CREDIT, 80_000,
                                 contribution_month="2026-01", record_insurance=None)  # fmt: skip
    session.commit()
    typed = {"index": "0.8", "transitional": "120.50", "words": "档案第8页"}
    task = send_to_check(first, session, "approve", **APPROVAL, **typed)

    seen = second.get(task).text
    assert "Months were paid, corrected or transferred since." in seen
    assert "档案第8页" in seen
    second.post(f"{task}/approve")

    [application] = applied(session)
    assert application.decided["index_ppm"] == 800_000
    assert application.decided["months_here"] == application.estimate["months_here"] + 1
    assert application.decided["transitional_fen"] == 12_050
    page = me.get(address).text
    for why in (
        "Months were paid, corrected or transferred since.",
        "Money came into the account or left it since.",
        "The agency took it from the person's file.",
        "Follows from the lines above.",
    ):
        assert why in page


def test_figures_that_moved_while_it_waited_are_not_decided(me, session, person, clerks):
    first, second = clerks
    apply(me)
    task = send_to_check(first, session, "approve", **APPROVAL)
    factories.make_record(session, person, "2026-01")
    session.commit()

    assert (
        "The figures have changed since"
        in second.post(f"{task}/approve", follow_redirects=True).text
    )
    assert applied(session)[0].state is ApplicationState.SENT


def test_two_people_refuse_with_reasons_and_remedies(me, session, clerks):
    first, second = clerks
    address = apply(me).location
    second.post(f"{send_to_check(first, session, 'refuse', reasons='档案与登记不符')}/approve")

    page = me.get(address).text
    assert "档案与登记不符" in page
    assert "administrative review until 25 January 2027, or go to court until 24 May 2027" in page
    assert session.scalars(select(Benefit)).all() == []
    assert "pension_refused" in told(session)
    apply(me)
    assert len(applied(session)) == 2


def test_a_figure_from_no_book_needs_its_reason(me, session, clerks):
    apply(me)
    [application] = applied(session)

    page = clerks[0].post(f"{DESK}/{application.reference}/approve", data=APPROVAL | {"index": "2"})

    assert page.status_code == 422
    assert "Enter where these figures come from." in page.text


def test_who_misses_months_reads_how_many_and_cannot_be_approved(me, session, person, clerks):
    person.deemed_months = 100
    session.commit()

    page = me.get(HOME).text
    assert "112 months count for you; 180 months are needed" in page
    assert "68 months are missing" in page
    apply(me)
    [application] = applied(session)
    refused = clerks[0].post(f"{DESK}/{application.reference}/approve", data=APPROVAL)

    assert refused.status_code == 422
    assert "The minimum is not reached" in refused.text


def test_months_of_another_region_count(me, session, person):
    actor = Actor(None, None, Channel.DESK)
    brought = Brought("南京市", "2000-01", "2001-12", 20, 100_000)
    bring_in(session, person.id, brought, on=TODAY, actor=actor, at=NOW)
    session.commit()

    assert "212 months count for you" in me.get(HOME).text


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(BenefitState.SUSPENDED, "You draw a pension already."),
     (BenefitState.TERMINATED, "You drew a pension before, which ended")],
)  # fmt: skip
def test_who_draws_or_drew_a_pension_does_not_apply(me, session, person, state, sentence):
    session.add(
        Benefit(
            person_id=person.id, region_code=REGION, kind=BenefitKind.PENSION, monthly_fen=1,
            from_month="2020-01", state=state, certified_on=date(2026, 1, 1),
            suspended_from_month="2026-06" if state is BenefitState.SUSPENDED else None,
        )
    )  # fmt: skip
    session.commit()

    page = me.get(HOME).text
    assert page.count(sentence) == 1
    # Of what is drawn nothing is missing: the page leads to it, and reckons nothing.
    draws = state is BenefitState.SUSPENDED
    assert ('href="/record/benefits"' in page) is draws
    assert ("Your statutory month" in page) is ("What if I pay longer" in page) is (not draws)
    assert me.post(f"{HOME}/start").location == HOME


def test_nobody_without_months_too_young_or_of_a_foreign_region_applies(browser, session):
    foreign = factories.make_region(session, "530000", is_hosted=False)
    for given, sentence in (
        ({"born_on": date(1963, 6, 5)}, "No month of pension insurance is recorded"),
        ({"born_on": date(1990, 6, 5)}, "It is too early to apply"),
        ({"region_code": foreign.code}, "with a region that this office does not serve"),
    ):
        person = factories.make_person(session, **({"region_code": REGION} | given))
        client = browser(person)

        assert sentence in client.get(HOME).text
        assert client.post(f"{HOME}/start").location == HOME


@pytest.mark.parametrize(("region_code", "is_here"), [(REGION, True), ("330100", False)])
def test_a_temporary_account_promises_no_pension_here(me, session, person, region_code, is_here):
    factories.make_region(session, region_code)
    session.add(
        TemporaryAccount(
            person_id=person.id, region_code=region_code, household="51",
            joined_on=date(2025, 1, 2), recorded_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    words = "your pension is decided where your pension relation is"

    page = me.get(HOME).text
    assert (words in page) is is_here
    assert ("count for you" in page) is not is_here
    assert ("/pension/what-if" in page) is not is_here
    what_if = me.get(f"{HOME}/what-if").text
    assert (words in what_if) is is_here
    assert ("Try something else" in what_if) is not is_here
    assert (me.post(f"{HOME}/start").location == HOME) is is_here
    account = me.get("/record/account").text
    assert "Your pension is decided where your pension relation is" in account
    assert "What it may give as a pension" not in account


def test_who_dies_before_the_decision_is_not_approved(me, session, person, clerks):
    apply(me)
    register_death(session, person.id, TODAY, on=TODAY, actor=Actor(None, None), at=NOW)
    session.commit()
    [application] = applied(session)
    address = f"{DESK}/{application.reference}"

    assert "Died on" in clerks[0].get(address).text
    assert "The person died" in clerks[0].post(f"{address}/approve", data=APPROVAL).text


def test_nobody_decides_their_own_and_nobody_reads_anothers(browser, session, person):
    clerk = browser(person, Function.REVIEW)
    address = apply(clerk).location
    [application] = applied(session)

    desk = f"{DESK}/{application.reference}"
    assert clerk.post(f"{desk}/approve", data=APPROVAL).status_code == 403
    assert clerk.post(f"{desk}/refuse", data={"reasons": "无"}).status_code == 403
    stranger = browser(factories.make_person(session))
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/withdraw").status_code == 404


@pytest.mark.parametrize(
    ("earliest", "statutory", "first"),
    [
        # Early needs three months of notice; the statutory month does not.
        ("2026-01", "2028-01", "2027-02"),
        ("2026-01", "2026-12", "2026-12"),
        ("2027-05", "2028-05", "2027-05"),
        ("2027-06", "2028-06", None),
        (None, "2020-01", "2026-11"),
    ],
)
def test_the_first_months_on_offer(earliest, statutory, first):
    latest = None if earliest is None else "2031-01"
    months = first_months(Retirement(0, 720, statutory, earliest, latest), TODAY, 3)

    assert (months[0] if months else None) == first
    assert not months or months[-1] == "2027-05"
