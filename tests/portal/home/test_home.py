"""Home of somebody who is signed in: what waits, in its order, and what the person has."""

import re
from datetime import date

import pytest
import time_machine

from siweb.complaints.tables.complaint import Complaint, ComplaintKind, ComplaintState, Outcome
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.ledgers.tables.temporary_account import TemporaryAccount
from siweb.messages.matter import MOST
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.reviews.benefits.own import next_month
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from tests import factories
from tests.bills import make_bill, make_levy_run
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, sign_in

REGION = "310000"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(session):
    return factories.make_person(session, name="周若琳", region_code=REGION)


@pytest.fixture
def home(client, session, person):
    """Sign the person in, and return the page as they see it in English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def look(**more):
        sign_in(client, session, person, **more)
        page = client.get("/")
        assert page.status_code == 200
        return page.text

    return look


def titles(page):
    """The cards and what else has a heading, in their order."""
    return [re.sub(r"<[^>]+>|\s+", " ", one).strip() for one in re.findall(r"<h2.*?</h2>", page)]


def open_campaign(session, kind=ReviewKind.RECORD_CHECK, closes_on=date(2027, 1, 23)):
    session.add(
        Campaign(
            region_code=REGION,
            kind=kind,
            year=2025,
            period_from_month="2025-01",
            period_to_month="2025-12",
            opens_on=date(2026, 1, 1),
            closes_on=closes_on,
            rules={},
        )
    )
    session.flush()


def draw_pension(session, person, **values):
    given = {
        "region_code": REGION,
        "kind": BenefitKind.PENSION,
        "monthly_fen": 386_250,
        "from_month": "2020-06",
        "state": BenefitState.ACTIVE,
        "certified_on": date(2026, 6, 1),
    }
    session.add(Benefit(person_id=person.id, **(given | values)))
    session.flush()


def test_of_somebody_new_nothing_is_known_and_it_says_what_to_do(home):
    page = home()

    assert "Nothing waits for you at the moment." in page
    assert "Nothing is recorded for you yet." in page
    assert 'class="grid"' not in page
    assert "<svg height" not in page


def test_the_twelve_months_are_one_table_whose_cells_are_words(home, session, person):
    employer = factories.make_employer(session, region_code=REGION)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-01")
    for month in ("2026-01", "2026-02", "2026-03", "2026-05"):
        factories.make_record(session, person, month, employer=employer)
    factories.make_record(session, person, "2026-10", employer=employer, paid_on=None)

    page = home()

    assert "1 month is billed to your employer and not paid yet." in page
    table = re.search(r'<table class="grid">.*?</table>', page, re.DOTALL)[0]

    row = re.search(r"<tr><th scope=\"row\">.*?</tr>", table, re.DOTALL)[0]
    says = re.findall(r'class="visually-hidden">([^<]+)</span></td>', row)
    assert says == [
        *["not insured"], *["Paid"] * 3, "missing", "Paid", *["missing"] * 4, "Not paid yet",
        "not due yet",
    ]  # fmt: skip
    assert table.count('scope="row"') == 1
    assert "December 2025" in table


def test_a_missing_month_is_said_in_words_and_leads_to_it(home, session, person):
    employer = factories.make_employer(session, region_code=REGION)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-08")
    for month in ("2026-08", "2026-10"):
        factories.make_record(session, person, month, employer=employer)

    page = home()

    assert "Months are missing" in page
    assert 'href="/record/months/2026-09">September 2026</a>: Pension insurance' in page


def test_a_month_before_its_levy_is_under_way_and_not_missing(home, session, person):
    employer = factories.make_employer(session, region_code=REGION)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-09")
    factories.make_record(session, person, "2026-09", employer=employer)

    page = home()

    assert "Months are missing" not in page
    assert page.count('<td class="d">') == 2


def test_the_account_is_drawn_by_years_with_its_table(home, session, person):
    for year, kind, fen in (
        (2024, EntryKind.OPENING, 5_000_000),
        (2025, EntryKind.CREDIT, 1_000_000),
        (2025, EntryKind.INTEREST, 200_050),
        (2026, EntryKind.CREDIT, 80_000),
    ):
        factories.make_account_entry(session, person, year, kind, fen)

    page = home()

    assert re.search(r'class="figure">62,800.50 <small>', page)
    rows = re.findall(
        r'<th scope="row">(\d+)</th><td class="number">(.*?)</td><td class="number">(.*?)</td>',
        page,
    )
    assert rows == [
        ("2024", "50,000.00", "0.00"), ("2025", "60,000.00", "2,000.50"),
        ("2026", "60,800.00", "2,000.50"),
    ]  # fmt: skip


def test_the_months_lead_to_the_minimum_of_the_year_of_retirement(home, session, person):
    person.deemed_months = 6
    for month in ("2026-01", "2026-02"):
        factories.make_record(session, person, month)
    factories.make_record(session, person, "2026-03", paid_on=None)

    page = home()

    assert '<p class="figure">8 months</p>' in page
    assert "A pension needs 20 years; 19 years and 4 months are missing." in page
    assert "An estimate" in page
    assert "6 months by law counted as paid are in it." in page


@pytest.mark.parametrize(
    ("region_code", "values", "is_told"),
    [(REGION, {}, True), (REGION, {"ended_on": TODAY}, False), ("330100", {}, False)],
)
def test_with_a_temporary_account_months_are_counted_where_the_relation_stays(
    home, session, person, region_code, values, is_told
):
    factories.make_record(session, person, "2026-01")
    factories.make_region(session, region_code)
    session.add(
        TemporaryAccount(
            person_id=person.id, region_code=region_code, household="51",
            joined_on=date(2025, 1, 2), recorded_at=NOW, **values,
        )
    )  # fmt: skip

    page = home()

    assert ("Your pension insurance is kept in Sichuan" in page) is is_told
    assert ("A pension needs" in page) is not is_told


def test_who_draws_a_pension_sees_the_next_payment_and_no_missing_months(home, session, person):
    draw_pension(session, person)
    factories.make_record(session, person, "2020-05")

    page = home()

    assert "3,862.50" in page
    assert '<p class="figure">November 2026</p>' in page
    assert "A pension needs" not in page
    assert 'href="/pension"' not in page


@pytest.mark.parametrize(
    ("today", "last", "following"),
    [
        (date(2026, 12, 1), "2026-11", "2026-12"),
        (date(2026, 12, 15), "2026-12", "2027-01"),
        (date(2026, 12, 15), "2026-08", "2026-12"),
        (date(2026, 12, 15), None, "2026-12"),
        (date(2019, 12, 15), None, "2020-06"),
    ],
)
def test_the_next_payment_is_the_first_that_is_not_recorded(today, last, following):
    benefit = Benefit(state=BenefitState.ACTIVE, from_month="2020-06")
    assert next_month(benefit, last, today) == following


def test_what_is_overdue_and_was_not_announced_is_still_paid_on_every_page(home, session, person):
    open_campaign(session, ReviewKind.CERTIFICATION, None)
    draw_pension(session, person, state=BenefitState.OVERDUE, certified_on=date(2025, 10, 1))

    page = home()

    assert "It is still paid; certify now" in page
    assert "paused from" not in page


def test_a_paused_pension_says_so_and_is_the_first_card(home, session, person):
    open_campaign(session, ReviewKind.CERTIFICATION, None)
    draw_pension(
        session,
        person,
        state=BenefitState.SUSPENDED,
        suspended_from_month="2026-11",
        certified_on=date(2025, 10, 1),
    )

    page = home()

    assert "Paused from November 2026 on" in page
    first = re.search(r'<section class="panel due">.*?</section>', page, re.DOTALL)[0]
    assert "Certification" in first
    assert "days late" in first
    assert 'action="/reviews/start"' in first


def test_a_pack_without_terms_takes_no_page_along(home, session):
    elsewhere = factories.make_person(session, region_code="120000")
    open_campaign(session, ReviewKind.CERTIFICATION, None)
    assert elsewhere

    assert "Your reviews cannot be shown" not in home()


@pytest.mark.parametrize(
    ("due_on", "tag"),
    [
        (date(2026, 12, 2), ">8 days left<"),
        (date(2026, 12, 1), 'warn">7 days left<'),
        (TODAY, 'warn">today is the last day<'),
    ],
)
def test_a_bill_of_a_flexible_worker_names_amount_and_last_day(home, session, person, due_on, tag):
    run = make_levy_run(session, "2026-10", due_on=due_on)
    bill = make_bill(session, [person], run=run, insurances=(Insurance.PENSION,))
    assert bill.due_on == due_on

    page = home()

    first = re.search(r'<section class="panel due">.*?</section>', page, re.DOTALL)[0]
    assert "October 2026 is to be paid" in first
    assert f'href="/bills/{bill.bank_reference}"' in first
    assert tag in first


def test_months_past_their_day_are_one_card(home, session, person):
    for month in ("2026-07", "2026-08"):
        run = make_levy_run(session, month)
        make_bill(session, [person], run=run, insurances=(Insurance.PENSION,))

    page = home()

    assert "2 months were not paid" in titles(page)
    assert page.count('href="/bills"') == 1


def test_a_bill_that_is_paid_waits_for_nobody(home, session, person):
    bill = make_bill(session, [person], insurances=(Insurance.PENSION,))
    bill.paid_fen = bill.total_fen
    session.flush()

    assert "Nothing waits for you at the moment." in home()


def test_the_most_urgent_comes_first_and_more_than_five_are_folded(home, session, person):
    open_campaign(session)
    employer = factories.make_employer(session, region_code=REGION)
    factories.make_enrolment(session, person, employer=employer)
    for number in range(6):
        session.add(
            Complaint(
                reference=f"C{number}",
                source_key=str(number),
                region_code=REGION,
                kind=ComplaintKind.DECISION,
                state=ComplaintState.ANSWERED,
                person_id=person.id,
                employer_named="",
                from_month="2026-01",
                about_decision="1",
                words="",
                evidence="",
                lodged_at=NOW,
                answer_by=TODAY,
                outcome=Outcome.REJECTED,
                answer="no",
                answered_at=NOW,
                review_until=date(2026, 12, 24 - number) if number else date(2026, 11, 23),
            )
        )
    session.flush()

    page = home()

    first, folded = page.partition('<details class="panel">')[::2]
    # The one whose day is over is not there; the review of January comes last.
    assert re.findall(r'/complaints/(C\d)"', first) == ["C5", "C4", "C3", "C2", "C1"]
    assert ">1 more<" in folded
    assert "Record check 2025" in folded.partition("</details>")[0]
    assert page.count('class="panel due"') == 1


def test_whoever_acts_for_employers_sees_theirs_and_only_these(home, session, person):
    account = factories.make_account(session, person)
    mine = factories.make_employer(session, name="甲公司", region_code=REGION)
    ended = factories.make_employer(session, name="乙公司", region_code=REGION)
    factories.make_mandate(session, account, mine, until_on=date(2026, 12, 31))
    factories.make_mandate(session, account, ended, until_on=date(2026, 11, 23))
    worker = factories.make_person(session, region_code=REGION)
    for employer in (mine, ended):
        run = make_levy_run(session, "2026-09" if employer is mine else "2026-08")
        make_bill(session, [worker], employer=employer, run=run)

    page = home()

    assert f'href="/employer/{mine.uscc}/bills"' in page
    assert "Your mandate ends soon: 甲公司" in titles(page)
    assert f'href="/employer/{mine.uscc}"' in page
    assert ended.uscc not in page


def test_a_mandate_without_an_end_or_with_a_far_one_is_no_matter(home, session, person):
    account = factories.make_account(session, person)
    for until_on in (None, date(2027, 1, 24)):
        employer = factories.make_employer(session, region_code=REGION)
        factories.make_mandate(session, account, employer, until_on=until_on)

    assert "Your mandate" not in home()


def test_staff_are_led_to_the_desk_and_others_are_not(home):
    assert 'href="/desk' not in home()
    assert 'href="/desk' in home(functions=EVERY_FUNCTION)


def test_what_waits_is_bounded(home, session, person):
    account = factories.make_account(session, person)
    for number in range(MOST + 3):
        employer = factories.make_employer(session, name=f"公司{number:02}", region_code=REGION)
        factories.make_mandate(session, account, employer, until_on=date(2026, 12, 31))

    assert home().count("Your mandate ends") == 2 * MOST


def test_signed_out_the_way_in_is_one_tap_away(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get("/").text

    for address in ("/reviews", "/city-services", "/record", "/guides/", "/employer", "/verify"):
        assert f'"{address}"' in page
    assert 'name="code"' in page
    assert 'href="/city-services/cities"' in page


def test_signed_out_the_calculators_are_those_of_the_city_looked_at(client, session):
    factories.make_region(session, REGION)
    session.commit()
    client.get(f"/cities/{REGION}")

    assert f'href="/cities/{REGION}/calculators/"' in client.get("/").text
