"""A sentence stops a benefit only after two people and lawful service, and nothing is kept back."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.auth.tables.appointment import Function
from siweb.ledgers.benefits.hold import hold_months
from siweb.ledgers.tables.benefit_entry import BenefitEntry
from siweb.messages.kinds.benefits import STOP_ANNOUNCED
from siweb.messages.tables.message import Message
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.reviews.benefits.move import move_benefits
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tables.sign import Sign, SignKind, SignList, SignState
from siweb.reviews.tasks.certified import BenefitEnded, hold_benefits
from siweb.signs.stop import stop_served
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.second_person import check_all
from tests.served import serve
from tests.sign_in import sign_in

REGION = "310000"
DAY = NOW.date()


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(session):
    factories.make_region(session, REGION)
    return factories.make_person(session, region_code=REGION, name="赵强")


@pytest.fixture
def benefit(session, person):
    benefit = Benefit(
        person_id=person.id, region_code=REGION, kind=BenefitKind.PENSION, monthly_fen=300000,
        from_month="2020-01", state=BenefitState.ACTIVE, certified_on=date(2026, 11, 1),
    )  # fmt: skip
    session.add(benefit)
    session.commit()
    return benefit


@pytest.fixture
def sign(session, person, benefit):
    account = factories.make_account(session, factories.make_person(session))
    listed = SignList(
        region_code=REGION, source="监狱管理局", paper="函1号", file_name="list.csv",
        file_digest="0" * 64, layout={}, handed_in_at=NOW, handed_in_by_account_id=account.id,
    )  # fmt: skip
    session.add(listed)
    session.flush()
    sign = Sign(
        region_code=REGION, person_id=person.id, kind=SignKind.PRISON, seen_on=date(2026, 9, 1),
        list_id=listed.id, row_number=2, name_agrees=True, state=SignState.OPEN,
        due_on=DAY, recorded_at=NOW,
    )  # fmt: skip
    session.add(sign)
    session.commit()
    return sign


@pytest.fixture
def desk(client, session, sign):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, factories.make_person(session), functions=[Function.REVIEW])
    return client


@pytest.fixture
def stopped(desk, session, sign):
    """Two people decided, the notice was handed over, and the month after it has begun."""
    sent = desk.post(f"/desk/signs/{sign.id}/stop", data=paper("stop-because", "判决书1号"))
    assert sent.status_code == 303
    check_all(session)
    serve(session, kind=STOP_ANNOUNCED)
    stop_served(session, on=date(2026, 12, 1), at=NOW)
    session.commit()
    session.expire_all()
    return sign


def test_words_alone_do_not_stop_it(desk, session, sign, benefit):
    told = {"verdict": "yes", "words": "确实在押"}
    assert desk.post(f"/desk/signs/{sign.id}", data=told).status_code == 422
    assert desk.post(f"/desk/signs/{sign.id}/stop", data={}).status_code == 422


def test_nothing_stops_before_the_notice_was_served(desk, session, sign, benefit):
    desk.post(f"/desk/signs/{sign.id}/stop", data=paper("stop-because", "判决书1号"))
    session.expire_all()
    assert sign.state is SignState.OPEN
    check_all(session)
    assert stop_served(session, on=date(2027, 3, 1), at=NOW) == 0
    session.expire_all()
    assert (sign.state, benefit.state) == (SignState.CONFIRMED, BenefitState.ACTIVE)
    assert session.scalar(select(Message.awaits_service))
    assert "Your benefit stops while you serve a sentence" in desk.get("/desk?kind=notices").text


@pytest.mark.parametrize(("on", "number"), [(date(2026, 11, 30), 0), (date(2026, 12, 1), 1)])
def test_it_stops_with_the_month_after_the_service(desk, session, sign, benefit, on, number):
    desk.post(f"/desk/signs/{sign.id}/stop", data=paper("stop-because", "判决书1号"))
    check_all(session)
    serve(session, kind=STOP_ANNOUNCED)

    assert stop_served(session, on=on, at=NOW) == number
    assert stop_served(session, on=on, at=NOW) == 0
    session.refresh(benefit)
    assert (benefit.state is BenefitState.SUSPENDED) == bool(number)
    assert benefit.suspended_from_month == ("2026-12" if number else None)


def test_what_is_not_due_is_not_held_back_and_no_certification_pays_it(
    session, stopped, benefit, person
):
    on = date(2027, 2, 1)
    campaign = Campaign(
        region_code=REGION, kind=ReviewKind.CERTIFICATION, year=2026, period_from_month="2026-01",
        period_to_month="2026-12", opens_on=date(2026, 1, 1), rules={},
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    review = Review(
        reference="ABCDEFGHJKMN", campaign_id=campaign.id, person_id=person.id,
        state=ReviewState.MANUAL_REVIEW, opened_at=NOW,
    )  # fmt: skip
    session.add(review)
    session.flush()
    packs = packs_in_force(session)

    move_benefits(session, packs=packs, on=on, at=NOW)
    session.refresh(benefit)
    assert benefit.state is BenefitState.SUSPENDED
    assert hold_months(session, on=on, at=NOW) == 0
    assert session.scalar(select(func.count()).select_from(BenefitEntry)) == 0
    with pytest.raises(BenefitEnded):
        hold_benefits(session, ReviewFacts(session, review, campaign, on, packs))


def test_a_release_lets_it_go_on(desk, session, stopped, benefit, client, person):
    page = f"/desk/signs/{stopped.id}/go-on"
    early = {"go_on-from_month": "2026-11", **paper("go_on-because", "释放证明书")}
    assert "before the month with which the benefit stopped" in desk.post(page, data=early).text
    desk.post(page, data=early | {"go_on-from_month": "2027-06"})
    check_all(session)
    session.refresh(benefit)

    assert (benefit.state, benefit.stop_sign_id) == (BenefitState.ACTIVE, None)
    assert benefit.certified_on == DAY
    assert stop_served(session, on=DAY + timedelta(days=400), at=NOW) == 0


def test_the_person_reads_why(session, stopped, benefit, client, person):
    sign_in(client, session, person)
    page = client.get("/record/benefits", headers={"Accept-Language": "en"}).text

    assert "It is stopped while you serve a sentence" in page
    assert "No month is lost" not in page


def test_nothing_passes_by_itself_while_a_sign_is_open(session, sign, benefit, person):
    campaign = Campaign(region_code=REGION, kind=ReviewKind.CERTIFICATION, year=2026, rules={})
    review = Review(person_id=person.id)
    facts = ReviewFacts(session, review, campaign, DAY, packs_in_force(session))

    assert facts.is_examined
    sign.state, sign.examined_at = SignState.UNFOUNDED, NOW
    session.flush()
    again = ReviewFacts(session, review, campaign, DAY, facts.packs)
    assert not again.is_examined
