"""The step of the months is drawn once for all who see the same; what is one's own is filled in."""

import re

import pytest

from siweb.registry.codes import Insurance
from siweb.reviews.tables.review import ReviewState
from tests import factories
from tests.sign_in import sign_in

FIVE = list(Insurance)


@pytest.fixture
def campaign(make_review):
    return make_review(state=ReviewState.PASSED).campaign_id


def send(browser, case, step, **typed):
    return browser.post(f"{case}/steps/{step}", data={"seen": 0} | typed)


def test_what_two_see_alike_is_drawn_once_and_their_own_is_filled_in(
    client, session, employer, campaign
):
    """Same year, same marks, another base, another choice: nobody sees anything of the other's."""
    pages = {}
    for name, base_fen, verdict in (("王芳", 500_000, "right"), ("李四", 700_000, "wrong")):
        person = factories.make_person(session, name=name, region_code="310000")
        for insurance in FIVE:
            factories.make_enrolment(
                session, person, insurance, employer=employer, from_month="2025-01"
            )
            for number in range(1, 13):
                factories.make_record(
                    session, person, f"2025-{number:02}", insurance, employer=employer,
                    base_fen=base_fen,
                )  # fmt: skip
        session.commit()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, person)
        began = client.post("/reviews/start", data={"campaign": campaign})
        case = began.location.removesuffix("/resume")
        send(client, case, "contact", name_is="right", mobile="13800001234")
        send(client, case, "insurances", verdict="right")
        fresh = client.get(f"{case}/steps/months").text
        assert "thing to correct" in send(client, case, "months", verdict="").text
        assert client.get(f"{case}/steps/months").text == fresh
        send(client, case, "months", verdict=verdict)
        pages[name] = (fresh, client.get(f"{case}/steps/months").text)

    assert pages["王芳"][0] != pages["李四"][0]
    # As it was chosen beforehand, and as it was answered.
    for page in pages["王芳"]:
        assert page.count("last base CNY 5,000.00") == 5
        assert "7,000.00" not in page
        assert re.search('<input checked[^>]*value="right"', page)
    first, answered = pages["李四"]
    assert first.count("last base CNY 7,000.00") == answered.count("7,000.00") == 5
    assert re.search('<input checked[^>]*value="right"', first)
    assert re.search('<input checked[^>]*value="wrong"', answered)
    assert 'name="seen" value="1"' in pages["王芳"][1]
    assert 'name="seen" value="0"' in first
