"""A base may be chosen again until its window closes; what was chosen last holds."""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.documents.tables.document import Document
from siweb.registry.packs.import_packs import import_packs
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.read import read_pack
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

LAST_DAY = date(2026, 12, 20)


@pytest.fixture
def browser(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    return client


@pytest.fixture
def campaign(session, person):
    factories.make_enrolment(session, person, from_month="2025-01")
    campaign = Campaign(
        region_code="310000",
        kind=ReviewKind.BASE_CHOICE,
        year=2026,
        period_from_month="2026-12",
        period_to_month="2027-06",
        opens_on=date(2026, 10, 1),
        closes_on=LAST_DAY,
        rules={},
    )
    session.add(campaign)
    session.commit()
    return campaign


def begin(browser, campaign):
    return browser.post("/reviews/start", data={"campaign": campaign.id})


def choose(browser, campaign, amount):
    case = begin(browser, campaign).location.removesuffix("/resume")
    contact = {"seen": 0, "name_is": "right", "mobile": "13800001234"}
    browser.post(f"{case}/steps/contact", data=contact)
    browser.post(f"{case}/steps/base", data={"seen": 0, "choice": "other", "amount": amount})
    return case, browser.post(f"{case}/check")


def at(day):
    return time_machine.travel(f"{day.isoformat()}T23:30:00+08:00", tick=False)


def test_the_base_can_be_chosen_again_and_the_last_choice_holds(browser, session, campaign):
    first, _sent = choose(browser, campaign, "8000")
    assert "Choose again" in browser.get("/reviews").text
    assert "Choose again" in browser.get(first).text

    second, _sent = choose(browser, campaign, "9000")

    assert second != first
    bases = session.scalars(
        select(DeclaredBase.declared_base_fen).order_by(DeclaredBase.base_number)
    ).all()
    assert bases == [800_000, 900_000]
    rounds = session.scalars(select(Review.round).order_by(Review.id)).all()
    assert rounds == [1, 2]


def test_the_receipt_of_the_earlier_choice_is_void(browser, session, campaign):
    choose(browser, campaign, "8000")
    choose(browser, campaign, "9000")

    first, second = session.scalars(select(Document).order_by(Document.id)).all()
    assert first.revoked_at is not None
    assert (second.revoked_at, second.supersedes_id) == (None, first.id)


def test_choosing_again_begins_with_what_holds_now(browser, campaign):
    choose(browser, campaign, "8000")

    case = begin(browser, campaign).location.removesuffix("/resume")
    contact = {"seen": 0, "name_is": "right", "mobile": "13800001234"}
    browser.post(f"{case}/steps/contact", data=contact)

    assert 'value="8000.00"' in browser.get(f"{case}/steps/base").text


def test_on_the_last_day_it_can_be_chosen_again_and_the_day_after_not(
    browser, session, person, campaign
):
    case, _sent = choose(browser, campaign, "8000")
    with at(LAST_DAY):
        sign_in(browser, session, person)
        assert "Choose again" in browser.get(case).text
        assert begin(browser, campaign).status_code == 303
    with at(date(2026, 12, 21)):
        sign_in(browser, session, person)
        assert "Choose again" not in browser.get(case).text
        assert begin(browser, campaign).status_code == 404


def test_what_is_sent_after_the_window_is_refused_and_kept(browser, session, person, campaign):
    case = begin(browser, campaign).location.removesuffix("/resume")
    contact = {"seen": 0, "name_is": "right", "mobile": "13800001234"}
    browser.post(f"{case}/steps/contact", data=contact)
    browser.post(f"{case}/steps/base", data={"seen": 0, "choice": "other", "amount": "8000"})
    with at(date(2026, 12, 21)):
        sign_in(browser, session, person)
        answer = browser.post(f"{case}/check")

    assert answer.status_code == 422
    assert "The window closed on 20 December 2026" in answer.text
    assert "8,000.00" in answer.text
    assert not session.scalars(select(DeclaredBase)).all()


def test_a_preview_saves_nothing_and_keeps_what_was_typed(browser, campaign):
    case = begin(browser, campaign).location.removesuffix("/resume")
    contact = {"seen": 0, "name_is": "right", "mobile": "13800001234"}
    browser.post(f"{case}/steps/contact", data=contact)

    shown = browser.post(
        f"{case}/steps/base", data={"choice": "other", "amount": "8000", "preview": "yes"}
    )

    assert shown.status_code == 200
    assert "What you pay each month" in shown.text
    assert 'value="8000"' in shown.text
    assert browser.get(f"{case}/resume").location.endswith("/steps/base")


@pytest.mark.parametrize(
    ("last", "said"), [("2026-12", "to December 2026 only."), ("2027-06", "December 2026 to June")]
)
def test_the_months_of_a_base_are_said_and_one_month_is_said_once(
    browser, session, campaign, last, said
):
    campaign.period_to_month = last
    session.commit()
    case = begin(browser, campaign).location.removesuffix("/resume")
    contact = {"seen": 0, "name_is": "right", "mobile": "13800001234"}
    browser.post(f"{case}/steps/contact", data=contact)

    assert said in browser.get(f"{case}/steps/base").text


def test_the_preview_of_a_piece_carries_no_token(browser, campaign):
    case = begin(browser, campaign).location.removesuffix("/resume")
    contact = {"seen": 0, "name_is": "right", "mobile": "13800001234"}
    browser.post(f"{case}/steps/contact", data=contact)

    page = browser.get(f"{case}/steps/base").text
    piece = browser.get(
        f"{case}/premium?choice=other&amount=8000", headers={"HX-Request": "true"}
    ).text

    assert 'hx-include="[name=choice], [name=amount]"' in page
    assert "formaction" not in page
    assert "What you pay each month" in piece
    assert browser.get(f"{case}/premium?choice=other").location.endswith("/steps/base")


@pytest.mark.parametrize("bound", [0, 1])
def test_floor_and_ceiling_can_be_chosen_and_a_fen_beyond_cannot(browser, campaign, bound):
    case = begin(browser, campaign).location.removesuffix("/resume")
    contact = {"seen": 0, "name_is": "right", "mobile": "13800001234"}
    browser.post(f"{case}/steps/contact", data=contact)

    def piece(fen):
        return browser.get(
            f"{case}/premium?choice=other&amount={fen / 100:.2f}", headers={"HX-Request": "true"}
        ).text

    def sent(fen):
        data = {"seen": 0, "choice": "other", "amount": f"{fen / 100:.2f}"}
        return browser.post(f"{case}/steps/base", data=data)

    page = re.sub(r"<[^>]+>", "", sent(1).text)
    refused = re.search(r"Enter an amount from \D*([\d,.]+)\D+([\d,.]+\d)", page)
    floor, ceiling = (round(float(text.replace(",", "")) * 100) for text in refused.groups())
    for fen in (floor - 1, ceiling + 1):
        assert "Choose a base to see what you pay." in piece(fen)
        assert sent(fen).status_code == 422
    for fen in (floor, ceiling):
        assert "What you pay each month" in piece(fen)
    assert sent((floor, ceiling)[bound]).status_code == 303


@pytest.mark.parametrize("is_shipped", [True, False])
def test_only_shipped_figures_are_called_a_demonstration(browser, session, campaign, is_shipped):
    if not is_shipped:
        text = load_packs().packs["310000"].text
        pack, problems = read_pack(text, "310000.toml")
        assert not problems
        import_packs(session, [pack], actor=SYSTEM, at=NOW)
        session.commit()
    case = begin(browser, campaign).location.removesuffix("/resume")
    contact = {"seen": 0, "name_is": "right", "mobile": "13800001234"}
    browser.post(f"{case}/steps/contact", data=contact)

    chosen = {"choice": "other", "amount": "8000", "preview": "yes"}
    page = browser.post(f"{case}/steps/base", data=chosen).text
    address = f"{case}/premium?choice=other&amount=8000"
    piece = browser.get(address, headers={"HX-Request": "true"}).text

    for shown in (page, piece):
        assert "What you pay each month" in shown
        assert ("check your local notice" in shown) is is_shipped


@pytest.mark.parametrize("state", [ReviewState.REJECTED, ReviewState.CORRECTING])
def test_a_record_check_that_did_not_pass_is_not_begun_anew(browser, make_review, state):
    review = make_review(state=state)

    assert begin(browser, _Id(review)).status_code == 404


class _Id:
    """A campaign by its number."""

    def __init__(self, review):
        self.id = review.campaign_id


def test_a_record_check_that_passed_can_be_done_again_while_it_is_open(
    browser, session, person, employer, make_review
):
    factories.make_enrolment(session, person, employer=employer, from_month="2025-01")
    session.commit()
    review = make_review(state=ReviewState.PASSED, closes_on=LAST_DAY)

    assert begin(browser, _Id(review)).status_code == 303
    with at(date(2026, 12, 21)):
        sign_in(browser, session, person)
        assert begin(browser, _Id(review)).status_code == 404


def test_what_was_sent_before_is_found_while_it_is_chosen_anew(browser, campaign):
    case, _sent = choose(browser, campaign, "8000")
    assert begin(browser, campaign).status_code == 303

    page = browser.get("/reviews").text

    assert "What you sent before holds until you send it anew." in page
    assert f'href="{case}"' in page
    assert "Show the receipt" in browser.get(case).text
