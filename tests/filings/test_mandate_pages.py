"""Mandates in the browser: in every address the employer, for everybody else no such page."""

import pytest

from tests import factories


@pytest.fixture
def clerk(session):
    person = factories.make_person(session, name="李雷")
    factories.make_account(session, person)
    session.commit()
    return person


def test_without_a_mandate_the_employer_does_not_exist(browser, employer):
    assert browser.get(f"/employer/{employer.uscc}").status_code == 404


def test_the_employer_acted_for_is_on_the_page(browser, employer, act_as):
    act_as("viewer")

    page = browser.get(f"/employer/{employer.uscc}").get_data(as_text=True)

    assert "Acting for <b>甲公司</b>" in page


def test_a_filer_finds_no_page_of_the_owner(browser, employer, act_as):
    act_as("filer")

    assert browser.get(f"/employer/{employer.uscc}/mandates").status_code == 404


def test_whoever_is_signed_out_is_asked_to_sign_in(client, employer):
    assert "/sign-in" in client.get(f"/employer/{employer.uscc}").location


def test_an_agent_chooses_among_employers(browser, session, employer, act_as):
    act_as("filer")
    act_as("viewer", to=factories.make_employer(session, name="乙公司"))

    page = browser.get("/employer").get_data(as_text=True)

    assert "甲公司" in page
    assert "乙公司" in page


def test_the_owner_grants_and_ends(browser, employer, act_as, clerk):
    act_as("owner")
    address = f"/employer/{employer.uscc}/mandates"
    typed = {"id_number": clerk.id_number, "name": "李雷", "kind": "filer"}

    granted = browser.post(f"{address}/grant", data=typed)
    page = browser.get(address).get_data(as_text=True)

    assert granted.status_code == 303
    assert "李雷" in page
    assert clerk.id_number not in page


def test_a_wrong_name_is_refused_without_telling_more(browser, employer, act_as, clerk):
    act_as("owner")
    typed = {"id_number": clerk.id_number, "name": "韩梅梅", "kind": "filer"}

    answer = browser.post(f"/employer/{employer.uscc}/mandates/grant", data=typed)

    assert answer.status_code == 422
    assert "Nobody else with this number and name" in answer.get_data(as_text=True)


def test_a_day_that_is_over_is_refused(browser, employer, act_as, clerk):
    act_as("owner")
    typed = {"id_number": clerk.id_number, "name": "李雷", "kind": "filer"}

    answer = browser.post(
        f"/employer/{employer.uscc}/mandates/grant", data=typed | {"until_on": "2026-11-23"}
    )

    assert "This date has passed" in answer.get_data(as_text=True)


def test_the_last_owner_stays(browser, employer, act_as):
    own = act_as("owner")
    address = f"/employer/{employer.uscc}/mandates"

    browser.post(f"{address}/{own.id}/revoke")

    assert "keeps at least one owner" in browser.get(address).get_data(as_text=True)


def test_links_stay_with_the_employer_whoever_asked_before(browser, session, employer, act_as):
    other = factories.make_employer(session, name="乙公司", region_code="310000")
    act_as("owner")
    act_as("owner", to=other)

    for one in (employer, other, employer):
        page = browser.get(f"/employer/{one.uscc}").get_data(as_text=True)
        assert f'href="/employer/{one.uscc}/people"' in page


def test_the_owner_sees_who_did_what_for_this_employer(browser, session, employer, act_as, clerk):
    act_as("owner")
    address = f"/employer/{employer.uscc}"
    typed = {"id_number": clerk.id_number, "name": "李雷", "kind": "filer"}
    browser.post(f"{address}/mandates/grant", data=typed)

    page = browser.get(f"{address}/done").get_data(as_text=True)

    assert "Let somebody act" in page
    assert "王芳" in page
