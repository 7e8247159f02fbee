"""What the office says of itself is what it does."""

import re
from dataclasses import replace

import pytest

from siweb.auth.credentials.account import create_account
from siweb.portal.about.cookies import COOKIES
from siweb.registry.codes import AgencyKind
from siweb.registry.tables.agency import Agency
from tests import factories
from tests.auth.conftest import PASSWORD
from tests.conftest import NOW

ABOUT = ["/privacy", "/accessibility", "/contact"]


@pytest.mark.parametrize("address", ABOUT)
def test_it_is_one_tap_away_from_every_page(client, address):
    for page in ("/", "/guides/", "/sign-in", "/no-such-page"):
        assert f'href="{address}"' in client.get(page).text
    assert client.get(address).status_code == 200


def test_the_cookies_are_those_that_are_named(client, session):
    person = factories.make_person(session)
    create_account(session, person.id, PASSWORD, at=NOW)
    session.commit()
    answers = [
        client.get("/cities/310000"),
        client.get("/preferences/language/en"),
        client.get("/preferences/type-size/large"),
        client.post("/sign-in", data={"id_number": person.id_number, "password": PASSWORD}),
    ]

    kept = {
        cookie.split("=")[0]: re.search(r"Max-Age=(\d+)", cookie)
        for answer in answers
        for cookie in answer.headers.getlist("Set-Cookie")
    }
    assert kept.keys() == {cookie.name for cookie in COOKIES}
    text = client.get("/privacy").text
    for cookie in COOKIES:
        assert f"<code>{cookie.name}</code>" in text
        if cookie.lasts:
            assert int(kept[cookie.name][1]) == cookie.lasts.total_seconds()


def test_how_long_a_sign_in_lasts_is_what_the_office_set(app, client, settings):
    app.extensions["siweb_settings"] = replace(settings, idle_minutes=17, sign_in_hours=5)

    text = client.get("/privacy", headers={"Accept-Language": "en"}).text

    assert "after 17 min without a click, and after 5 h" in text


def test_the_agencies_of_a_city_are_found(client, session):
    region = factories.make_region(session)
    agency = Agency(
        region_code=region.code,
        kind=AgencyKind.MEDICAL,
        name_zh="示范市医保中心",
        name_en="Shifan Medical Insurance Centre",
        address_zh="示范路 1 号",
        address_en="1 Shifan Road",
        phone="021-60000000",
        hours="周一至周五 9:00–17:00",
    )
    session.add(agency)
    session.commit()

    text = client.get("/contact").text

    for part in (agency.name_zh, agency.address_zh, agency.hours, f'href="tel:{agency.phone}"'):
        assert part in text


def test_large_type_is_turned_on_where_it_is_explained(client):
    page = client.get("/accessibility").text
    address = re.search(r'href="(/preferences/type-size/large[^"]*)"', page)[1]

    answer = client.get(address.replace("&amp;", "&"), follow_redirects=True)

    assert 'data-type-size="large"' in answer.text
    assert answer.request.path == "/accessibility"


def test_a_search_engine_is_told_what_each_page_is_about(client):
    addresses = ["/", "/guides/", *ABOUT]
    described = {
        re.search(r'<meta name="description" content="([^"]+)">', client.get(address).text)[1]
        for address in addresses
    }

    assert len(described) == len(addresses)
