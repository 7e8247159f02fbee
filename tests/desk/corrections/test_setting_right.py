"""What was drawn wrongly, brought into an account wrongly, or said of another person is set right."""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.staff.duties import Scope
from siweb.documents.tables.document import Document
from siweb.ledgers.account.close import account_balance
from siweb.ledgers.account.year import load_account
from siweb.ledgers.benefits.overpaid import overpaid
from siweb.ledgers.tables.account_correction import AccountCorrection
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.messages.kinds.registration import BENEFIT_WITHDRAWN
from siweb.messages.tables.message import Message
from siweb.pensions.withdrawal.withdraw import end_withdrawn
from siweb.registry.register_death import register_death, take_back_death
from siweb.registry.tables.benefit import (
    Benefit,
    BenefitState,
    BenefitWithdrawal,
    LifeSign,
)
from siweb.registry.tables.person import Person
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewEvent, ReviewState
from siweb.reviews.tables.task import ReviewTask, TaskKind
from tests import factories
from tests.bills import PACK_REGION
from tests.bring_in.bring_ins import Clerk, as_csv
from tests.collection.levy.test_adjust import balanced
from tests.conftest import NOW
from tests.desk.corrections.correcting_forms import CorrectingOffice
from tests.papers import paper
from tests.pensions.test_pension import apply
from tests.second_person import check_all
from tests.served import serve
from tests.sign_in import EVERY_FUNCTION, sign_in

TODAY = NOW.date()
EVERYWHERE = Scope(None)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(app, session):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    factories.make_region(session, PACK_REGION)
    sign_in(client, session, factories.make_person(session, name="经办员"), EVERY_FUNCTION)
    return client


@pytest.fixture
def office(session):
    factories.make_region(session, PACK_REGION)
    return CorrectingOffice(session, None)


def own_pages(app, session, person):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    session.commit()
    return client


def do(desk, session, form):
    """Send a form and let another check it."""
    _page, address, typed = form
    session.commit()
    answer = desk.post(address, data=typed)
    assert answer.status_code == 303, answer.text
    with desk.application.app_context():
        check_all(session)
    session.expire_all()


def served_and_ended(session, on=TODAY):
    serve(session, kind=BENEFIT_WITHDRAWN)
    ended = end_withdrawn(session, on=on, at=NOW)
    session.commit()
    session.expire_all()
    return ended


def told(session):
    return set(session.scalars(select(Message.kind)))


def test_a_benefit_that_was_not_due_ends_once_served_and_what_was_paid_is_asked_back(
    app, desk, session, office
):
    do(desk, session, office.withdraw_one())
    benefit = session.scalars(select(Benefit)).one()

    # Decided and not served: it is paid as before, and nothing counts as too much.
    assert end_withdrawn(session, on=TODAY, at=NOW) == 0
    assert benefit.state is BenefitState.ACTIVE
    assert overpaid(session, EVERYWHERE) == ([], False)

    assert served_and_ended(session) == 1
    assert end_withdrawn(session, on=TODAY, at=NOW) == 0
    assert benefit.state is BenefitState.TERMINATED
    [found], _more = overpaid(session, EVERYWHERE)
    assert (found.first_month, found.last_month, found.months, found.amount_fen) == (
        "2026-06", "2026-07", 2, 600_000,
    )  # fmt: skip
    own = own_pages(app, session, session.get_one(Person, benefit.person_id))
    page = own.get("/record/benefits").text
    assert "Not due from" in page
    assert "6,000.00" in page
    assert balanced(session)


def test_it_begins_again_with_another_amount_and_the_months_between_stay_undue(
    desk, session, office
):
    do(desk, session, office.withdraw_one())
    served_and_ended(session)
    benefit = session.scalars(select(Benefit)).one()

    page = f"/desk/benefits/people/{benefit.person_id}"
    typed = {
        "begin-benefit": str(benefit.id), "begin-from_month": "2026-07", "begin-monthly": "2500",
        **paper("begin-because", "复核决定2号", kind="decision"),
    }  # fmt: skip
    assert "2026" in desk.get(f"{page}/set-right").text
    do(desk, session, (page, f"{page}/begin-again", typed))

    assert (benefit.state, benefit.monthly_fen) == (BenefitState.ACTIVE, 250_000)
    [found], _more = overpaid(session, EVERYWHERE)
    assert (found.first_month, found.months) == ("2026-06", 1)
    assert "benefit_begins_again" in told(session)
    assert balanced(session)


@pytest.mark.parametrize(
    ("form", "month", "sentence"),
    [
        ("withdraw_one", "2019-12", "before the first month of the benefit"),
        ("withdraw_one", "2027-02", "later than the next one"),
        ("begin_one_again", "2026-05", "before the first month that was not due"),
        ("begin_one_again", "2027-02", "later than the next one"),
    ],
)
def test_months_that_cannot_be_meant_are_refused(desk, session, office, form, month, sentence):
    _page, address, typed = getattr(office, form)()
    session.commit()
    prefix = form.partition("_")[0]

    refused = desk.post(address, data=typed | {f"{prefix}-from_month": month})

    assert refused.status_code == 422
    assert sentence in refused.text


def test_withdrawn_once_it_is_not_withdrawn_again(desk, session, office):
    form = office.withdraw_one()
    do(desk, session, form)

    _page, address, typed = form
    assert "decided already" in desk.post(address, data=typed).text


def test_an_approved_pension_is_taken_back_with_its_paper_and_given_back(app, session, desk):
    person = factories.make_person(
        session, name="王建国", region_code=PACK_REGION, born_on=date(1963, 6, 5),
        deemed_months=180,
    )  # fmt: skip
    for month in range(1, 13):
        factories.make_record(session, person, f"2025-{month:02}")
    factories.make_account_entry(session, person, 2025, EntryKind.OPENING, 12_000_000)
    session.commit()
    me = own_pages(app, session, person)
    address = apply(me).location
    reference = address.rpartition("/")[2]
    desk.post(f"/desk/pensions/{reference}/approve", data=paper("papers", "档案8号"))
    with app.app_context():
        check_all(session)
    session.expire_all()
    benefit = session.scalars(select(Benefit)).one()
    decision = session.scalars(select(Document).order_by(Document.id.desc())).first()

    page = f"/desk/benefits/people/{person.id}"
    typed = {
        "withdraw-benefit": str(benefit.id), "withdraw-from_month": benefit.from_month,
        **paper("withdraw-because", "核查决定1号", kind="decision"),
    }  # fmt: skip
    do(desk, session, (page, f"{page}/withdraw", typed))
    assert decision.revoked_at is None
    served_and_ended(session)
    assert benefit.state is BenefitState.TERMINATED
    assert decision.revoked_at is not None
    assert "was not due" in me.get(address).text

    again = {
        "begin-benefit": str(benefit.id), "begin-from_month": benefit.from_month,
        **paper("begin-because", "复议决定2号", kind="decision"),
    }  # fmt: skip
    do(desk, session, (page, f"{page}/begin-again", again))
    assert benefit.state is BenefitState.ACTIVE
    shown = me.get(address).text
    assert "was not due" not in shown
    paper_of = me.get(re.search(r'href="(/documents/[^"]+)"', shown)[1]).text
    assert decision.reference not in paper_of
    assert balanced(session)


def test_a_death_between_and_its_being_taken_back_leave_it_withdrawn(desk, session, office):
    do(desk, session, office.withdraw_one())
    benefit = session.scalars(select(Benefit)).one()
    by = {"actor": SYSTEM, "at": NOW}
    register_death(session, benefit.person_id, date(2026, 11, 1), on=TODAY, **by)
    session.expire_all()

    # Nothing is served on the dead: it ends with the next day's work.
    assert end_withdrawn(session, on=TODAY, at=NOW) == 1
    take_back_death(session, benefit.person_id, **by)

    session.expire_all()
    assert benefit.state is BenefitState.TERMINATED
    assert session.scalars(select(BenefitWithdrawal.state_before)).one() is BenefitState.ACTIVE


ACCOUNTS = ("id_number", "year", "kind", "month", "amount", "posted_on")


def test_an_opening_balance_is_set_right_by_an_entry_of_its_own_and_back(app, desk, session):
    clerk, person = (
        Clerk(session, PACK_REGION),
        factories.make_person(session, region_code=PACK_REGION),
    )
    clerk.bring_in(
        "accounts",
        as_csv(ACCOUNTS, (person.id_number, "2025", "期初余额", "", "50000.00", "")),
        amount=5_000_000,
    )
    page = f"/desk/people/{person.id}/account/set-right"
    key = re.search(rf'value="({person.id}-\d+)"', desk.get(page).text)[1]
    before = len(session.scalars(select(AccountEntry)).all())

    def put(amount):
        typed = {"entry": key, "right": amount, **paper("because", amount, kind="letter")}
        return desk.post(page, data=typed)

    assert put("45000").status_code == 303
    assert account_balance(session, person.id) == 5_000_000
    check_all(session)
    session.expire_all()

    assert account_balance(session, person.id) == 4_500_000
    assert load_account(session, person.id, 2025).opening_fen == 4_500_000
    assert "account_set_right" in told(session)
    assert balanced(session)
    assert "says this amount already" in put("45000.00").text
    put("50000")
    check_all(session)
    session.expire_all()
    assert account_balance(session, person.id) == 5_000_000
    # Rows are only added.
    assert len(session.scalars(select(AccountEntry)).all()) == before + 2
    assert balanced(session)


def test_an_entry_that_nobody_decided_is_named(desk, session, office):
    do(desk, session, office.set_entry_right())
    correction = session.scalars(select(AccountCorrection)).one()
    entry = session.scalars(
        select(AccountEntry).where(AccountEntry.entry_number == correction.entry_number)
    ).one()
    assert (entry.kind, entry.year, entry.amount_fen) == (EntryKind.OPENING, 2025, -500_000)
    assert balanced(session)

    entry.amount_fen = -400_000
    session.flush()

    assert not balanced(session)


def test_no_account_is_set_below_nothing(desk, session, office):
    _page, address, typed = office.set_entry_right()
    person_id = int(address.split("/")[3])
    factories.make_account_entry(
        session, session.get_one(Person, person_id), 2026, EntryKind.REVERSAL, -4_000_000
    )
    session.commit()

    refused = desk.post(address, data=typed | {"right": "30000.00"})

    assert refused.status_code == 422
    assert "Less would be in the account than nothing" in refused.text


def test_a_certification_that_rests_on_it_is_looked_at_again(desk, session, office):
    do_form = office.take_sign_back()
    [sign] = session.scalars(select(LifeSign)).all()
    campaign = Campaign(
        region_code=PACK_REGION, kind=ReviewKind.CERTIFICATION, year=2026,
        period_from_month="2026-01", period_to_month="2026-12", opens_on=date(2026, 1, 1),
        rules={},
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    review = Review(
        reference="ABCDEFGHJKMN", campaign_id=campaign.id, person_id=sign.person_id,
        state=ReviewState.PASSED, reason="data_match", opened_at=NOW, submitted_at=NOW,
        decided_at=NOW,
    )  # fmt: skip
    session.add(review)
    session.flush()
    session.add(
        ReviewEvent(
            review_id=review.id, at=NOW, from_state="draft", to_state="passed",
            reason="data_match", channel="web",
            facts={"source": "medical", "seen_on": "2026-11-01"},
        )
    )  # fmt: skip

    do(desk, session, do_form)

    [task] = session.scalars(select(ReviewTask)).all()
    assert (task.kind, task.review_id) == (TaskKind.RECHECK, review.id)
    assert "医院函3号" in task.words
    # It is paid until somebody found a loss.
    assert session.scalars(select(Benefit.state)).all() == [BenefitState.ACTIVE]


def test_a_sign_taken_back_counts_no_more_and_may_come_again(desk, session, office):
    do(desk, session, office.take_sign_back())
    [sign] = session.scalars(select(LifeSign)).all()
    assert sign.withdrawn_at is not None
    assert "sign_withdrawn" in told(session)
    assert session.scalars(select(ReviewTask)).all() == []
    person = session.get_one(Person, sign.person_id)
    page = desk.get(f"/desk/benefits/people/{person.id}/set-right").text
    assert "Take a sign of life back" not in page

    listed = as_csv(("id_number", "seen_on", "source"), (person.id_number, "2026-11-01", "就医"))
    Clerk(session, PACK_REGION).bring_in("life_signs", listed)

    counts = select(LifeSign).where(LifeSign.withdrawn_at.is_(None))
    assert [each.seen_on for each in session.scalars(counts)] == [date(2026, 11, 1)]
