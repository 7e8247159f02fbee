"""What a pension would come to, by base, last year of paying and first month."""

from datetime import date

import pytest
import time_machine

from siweb.ledgers.tables.account_entry import EntryKind
from siweb.pensions.eligibility import drawing_of, eligibility
from siweb.pensions.figures import count_of
from siweb.pensions.what_if import Plan, outlook_of, window_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.rules.benefits.account_interest import InterestTerms
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

TODAY = date(2026, 11, 24)
PAGE = "/pension/what-if"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(session):
    """A man who retires in 2034: twelve months of 2025 paid on 10,000, and 120,000 yuan."""
    found = factories.make_person(session, region_code="310000", born_on=date(1972, 1, 5))
    for month in range(1, 13):
        factories.make_record(session, found, f"2025-{month:02}")
    factories.make_account_entry(session, found, 2025, EntryKind.OPENING, 12_000_000)
    session.commit()
    return found


@pytest.fixture
def me(client, session, person):
    sign_in(client, session, person)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    session.commit()
    return client


def ahead(session, person, **asked):
    plan = Plan(**({"base_fen": 1_000_000, "last_year": 2040, "from_month": "2027-03"} | asked))
    packs = packs_in_force(session)
    return outlook_of(person, count_of(session, person), plan, packs=packs, on=TODAY)


def window(session, person):
    drawing, packs = drawing_of(session, person), packs_in_force(session)
    return window_of(eligibility(person, drawing, packs, on=TODAY), TODAY)


def test_months_are_paid_from_this_one_until_the_pension_and_bear_interest(
    session, person, monkeypatch
):
    monkeypatch.setattr("siweb.pensions.what_if.interest_terms", lambda *_: InterestTerms(60_000))
    found = ahead(session, person)

    # November 2026 to February 2027, 800 yuan each.
    assert (found.months_to_come, found.paid_in_fen) == (4, 320_000)
    # Two months of 121,600 at 6 %, and of 2027 the deposits of January (2 months) and February (1).
    assert found.interest_fen == 121_600 + 1_200
    assert found.figures.months == 16
    assert found.figures.balance_fen == 12_000_000 + 320_000 + 122_800


def test_whoever_stops_pays_nothing_more(session, person):
    found = ahead(session, person, last_year=2025)

    assert (found.months_to_come, found.paid_in_fen) == (0, 0)
    assert found.figures.months == 12


def test_the_last_year_is_paid_to_its_end(session, person):
    assert ahead(session, person, last_year=2027, from_month="2034-01").months_to_come == 14


def test_a_month_that_is_paid_already_is_not_paid_twice(session, person):
    factories.make_record(session, person, "2026-11")
    session.commit()

    assert ahead(session, person).months_to_come == 3


@pytest.mark.parametrize(("typed", "reckoned"), [(100_000, 754_600), (9_000_000, 3_773_100)])
def test_the_base_is_held_within_the_limits_of_today(session, person, typed, reckoned):
    assert ahead(session, person, base_fen=typed).base_fen == reckoned


def test_a_higher_base_and_a_later_month_give_more(session, person):
    first, higher, later = (
        ahead(session, person, **asked).figures.total_fen
        for asked in (
            {"from_month": "2033-01"},
            {"from_month": "2033-01", "base_fen": 2_000_000},
            {"from_month": "2035-01"},
        )
    )
    assert first < higher and first < later


def test_the_window_is_the_law_of_2025(session, person):
    # Born January 1972: 61 years 10 months by law, three years around it but not below 60.
    found = window(session, person)

    assert (found.first, found.by_law, found.last) == ("2032-01", "2033-11", "2036-11")


def test_the_window_never_begins_in_the_past(session, person):
    person.born_on = date(1955, 1, 1)

    found = window(session, person)
    assert (found.first, found.by_law, found.last) == ("2026-11", "2026-11", "2026-11")


def test_the_page_begins_with_what_is_recorded_and_says_that_it_is_an_estimate(me):
    page = me.get(PAGE).text

    assert "An estimate" in page and "Not a promise" in page
    assert "Left empty: your last one, CNY 10,000.00." in page
    for month in ("January 2032", "November 2033", "November 2036"):
        assert f'<th scope="row"><bdi>{month}' in page
    assert "csrf_token" not in page and 'method="post"' not in page.partition("<main")[2]
    assert 'href="/pension/what-if"' in me.get("/pension").text


def test_an_address_holds_an_answer(me):
    found = me.get(f"{PAGE}?base=20000&last_year=2025&from_month=2034-05")

    assert found.status_code == 200
    assert "a month from May 2034 on" in found.text
    assert "0 months" in found.text and 'value="20000"' in found.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("base=99", "between 100 and 1,000,000 yuan"),
        ("base=1000001", "between 100 and 1,000,000 yuan"),
        ("base=much", "Enter an amount in yuan"),
        ("last_year=2024", "Enter a year between 2025 and 2036"),
        ("last_year=2037", "Enter a year between 2025 and 2036"),
        ("from_month=2031-12", "between the earliest and the latest"),
        ("from_month=2036-12", "between the earliest and the latest"),
        ("from_month=soon", "is not a month"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(me, asked, said):
    refused = me.get(f"{PAGE}?{asked}")

    assert refused.status_code == 422
    assert said in refused.text and "An estimate" not in refused.text


def test_whoever_draws_a_pension_has_nothing_to_outlook_of_to(me, session, person):
    session.add(
        Benefit(
            person_id=person.id,
            region_code="310000",
            kind=BenefitKind.PENSION,
            monthly_fen=350_000,
            from_month="2015-01",
            state=BenefitState.ACTIVE,
            certified_on=date(2026, 1, 5),
        )
    )
    session.commit()

    page = me.get(PAGE)
    assert page.status_code == 200
    assert "You draw a pension already." in page.text
    assert "<form" not in page.text.partition("<main")[2]


def test_without_a_record_the_base_is_asked_for(client, session):
    nobody = factories.make_person(session, region_code="310000", born_on=date(1990, 1, 5))
    sign_in(client, session, nobody)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    session.commit()

    assert "An estimate" not in client.get(PAGE).text
    assert "Enter the base" in client.get(f"{PAGE}?last_year=2030").text
    assert "An estimate" in client.get(f"{PAGE}?base=8000").text
