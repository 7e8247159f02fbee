"""A form whose token is gone comes back with what was typed; what another site sent does not."""

import re

import pytest

from tests import factories
from tests.sign_in import sign_in


@pytest.fixture
def browser(app):
    """A browser whose forms need their token, and which has none."""
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_the_sign_in_form_comes_back_with_the_number(browser):
    answer = browser.post(
        "/sign-in", data={"id_number": "11010519491231002X", "password": "secret"}
    )

    assert answer.status_code == 400
    assert 'value="11010519491231002X"' in answer.text
    assert "Type the password again." in answer.text
    assert "secret" not in answer.text


def test_the_activation_form_comes_back_with_what_was_typed(browser):
    typed = {"id_number": "11010519491231002X", "name": "王芳", "code": "ACDE3467"}
    answer = browser.post("/activate", data={**typed, "new_password": "three quiet words"})

    assert answer.status_code == 400
    assert all(f'value="{value}"' in answer.text for value in typed.values())
    assert "three quiet words" not in answer.text


def test_any_other_form_can_be_sent_once_more(browser):
    typed = {"month": "2026-11", "words": 'more than "one" word', "password": "secret"}
    answer = browser.post("/my-work?from=account", data=typed)

    assert answer.status_code == 400
    assert 'action="/my-work?from=account"' in answer.text
    assert 'name="month" value="2026-11"' in answer.text
    assert "more than &#34;one&#34; word" in answer.text
    assert "secret" not in answer.text
    assert 'name="csrf_token"' in answer.text
    assert "Sign in in a new tab" in answer.text


def token_of(page):
    return page.text.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_sent_once_more_it_arrives_when_somebody_is_signed_in(browser, session):
    """The cookie was lost with the sign-in: what was typed outlives sending too early as well."""
    typed = {"campaign": "7", "words": "a long story"}
    page = browser.post("/reviews/start", data=typed)
    early = browser.post("/reviews/start", data={**typed, "csrf_token": token_of(page)})
    sign_in(browser, session, factories.make_person(session))
    late = browser.post("/reviews/start", data={**typed, "csrf_token": token_of(early)})

    assert early.status_code == 401
    assert "a long story" in early.text
    assert "Sign in in a new tab" in early.text
    assert late.status_code == 404  # the view itself: there is no such campaign


def test_a_button_without_anything_typed_leads_to_the_sign_in(browser):
    page = browser.post("/sign-out")

    assert 'href="/sign-out"' in page.text
    assert "<form method" not in page.text.partition("<main")[2].partition("</main")[0]


def test_the_form_for_a_new_password_comes_back_without_passwords(browser, session):
    sign_in(browser, session, factories.make_person(session))
    typed = {"password": "old secret", "new_password": "new secret", "repeated": "new secret"}
    answer = browser.post("/account/password", data=typed)

    assert answer.status_code == 400
    assert "Type the password again." in answer.text
    assert "secret" not in answer.text


def test_no_password_is_offered_to_be_sent_once_more(browser):
    typed = {"password": "old secret", "new_password": "new secret", "repeated": "new secret"}

    assert "secret" not in browser.post("/account/password", data=typed).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},  # another name under the same domain
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_what_another_site_sent_is_not_offered(browser, headers):
    answer = browser.post("/my-work", data={"words": "not mine"}, headers=headers)

    assert answer.status_code == 400
    assert "not mine" not in answer.text
    assert "<form" not in answer.text.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}],
)
def test_what_this_site_sent_is(browser, headers):
    assert "not lost" in browser.post("/my-work", data={"words": "not lost"}, headers=headers).text


def test_every_form_whose_cookie_is_gone_comes_back_with_what_was_typed(browser):
    """Walked over all routes: none of them is a dead end for whoever typed something."""
    lost = []
    for rule in browser.application.url_map.iter_rules():
        # Programs, and the bank that tells of a payment, fill in no form.
        by_program = rule.rule.startswith("/api/") or rule.endpoint == "online.take_in"
        if "POST" not in rule.methods or by_program:
            continue
        address = re.sub(r"<(?:[^:<>]+:)?(\w+)>", "7", rule.rule)
        typed = {"name": "李多字", "words": "a long story", "id_number": "1101"}
        answer = browser.post(address, data={**typed, "password": "secret"})
        # The two forms in front of a sign-in come back themselves, with the fields they have.
        kept = all(value in answer.text for value in typed.values()) or (
            rule.endpoint.startswith("auth.") and 'value="1101"' in answer.text
        )
        if answer.status_code != 400 or not kept or "secret" in answer.text:
            lost.append(f"{rule.endpoint} {answer.status_code}")

    assert not lost
