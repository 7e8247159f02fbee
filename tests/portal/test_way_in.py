"""The way in: home, city, office hall, guides; what is not there is not found."""

import pytest

from siweb.portal.guides import GUIDES, template_of
from siweb.portal.recent_cities import KEPT
from siweb.portal.services import SERVICES
from tests import factories
from tests.sign_in import sign_in


@pytest.fixture
def browser(client, session):
    factories.make_region(session, "310000")
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_home_leads_to_the_review_and_names_the_visitor(browser, session):
    assert 'href="/reviews"' in browser.get("/").text
    sign_in(browser, session, factories.make_person(session, name="周若琳"))

    assert "<h1>Hello, 周若琳</h1>" in browser.get("/").text


def test_a_city_leads_to_every_service_of_its_hall(browser):
    page = browser.get("/cities/310000/office-hall/government").text

    with browser.application.test_request_context():
        assert [one for one in SERVICES if one.address("310000") not in page] == []


@pytest.mark.parametrize("address", ["office-hall", "office-hall/government", "annual-review"])
def test_a_city_that_is_not_hosted_says_so_on_its_own_page(browser, address):
    answer = browser.get(f"/cities/120000/{address}")

    assert (answer.status_code, answer.location) == (303, "/cities/120000")
    assert "not hosted here" in browser.get("/cities/120000").text


@pytest.mark.parametrize("code", ["000000", "31", "3100000", "abc", "31000０"])
def test_a_city_that_there_is_not_is_not_found(browser, code):
    assert browser.get(f"/cities/{code}").status_code == 404


@pytest.mark.parametrize("name", GUIDES)
def test_every_guide_leads_on_to_the_next(browser, name):
    names = list(GUIDES)
    page = browser.get(f"/guides/{name}").text

    following = names[names.index(name) + 1 :][:1]
    for each in names:
        assert (f'href="/guides/{each}"' in page.partition("Read on")[2]) is (each in following)


@pytest.mark.parametrize("name", ["nothing", "_claim", "annual_review", "..%2Fhome"])
def test_what_is_no_guide_is_not_found(browser, name):
    assert browser.get(f"/guides/{name}").status_code == 404


def test_a_guide_and_its_template_have_one_name():
    assert template_of("thirty-days") == "portal/guides/thirty_days.html"


def test_the_last_cities_are_remembered_newest_first_and_only_so_many(browser):
    codes = ["120000", "310000", "330100", "440300", "510100", "310000"]
    for code in codes:
        browser.get(f"/cities/{code}")

    with browser.session_transaction() as kept:
        assert kept["recent_cities"] == ["310000", "510100", "440300", "330100"]
        assert len(kept["recent_cities"]) == KEPT


def test_a_number_is_shown_only_in_part(browser, session):
    person = factories.make_person(session, name="周若琳", region_code="310000")
    sign_in(browser, session, person)
    pages = [
        browser.get(address).text
        for address in ("/", "/account", "/record", "/record/looks", "/reviews")
    ]

    assert not [page for page in pages if person.id_number in page]
    assert [page for page in pages if person.id_number[-4:] in page]


def test_the_calculator_of_a_city_shows_the_last_day(browser):
    asked = "event=employee_registration&happened_on=2026-11-02"

    page = browser.get(f"/cities/310000/calculators/thirty-day-deadline?{asked}")

    assert "2 December 2026" in page.text


def test_what_is_calculated_is_kept_nowhere(browser):
    answer = browser.get("/cities/310000/calculators/premium-employee?wage=9000")

    assert answer.status_code == 200
    with browser.session_transaction() as kept:
        assert "9000" not in str(dict(kept))
