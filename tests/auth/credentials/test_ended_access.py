"""What a new password, a death or an ended mandate closes; what a stranger cannot close."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.api_tokens import find_bearer, issue_token
from siweb.auth.credentials.account import change_password, create_account
from siweb.auth.credentials.activate import issue_activation_code
from siweb.auth.credentials.attempt import Attempt, SignInPaused
from siweb.auth.credentials.end_access import end_access_of
from siweb.auth.credentials.throttle import PER_ADDRESS
from siweb.auth.sign_in.authenticate import SignInRefused, reserve_sign_in, sign_in
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.attempt_count import AttemptCount
from siweb.auth.tables.sign_in_session import EndReason, SignInSession
from tests import factories
from tests.auth.conftest import PASSWORD
from tests.auth.sign_in.test_sign_in import ELSEWHERE, SECRET
from tests.conftest import NOW

NEW = "three quiet words"
TODAY = NOW.date()


@pytest.fixture
def code(session, person):
    """An activation code of the person."""
    found = issue_activation_code(session, person.id, key=SECRET, at=NOW, actor=SYSTEM)
    session.commit()
    return found


@pytest.fixture
def activation(person, code):
    return {
        "id_number": person.id_number,
        "name": "王芳",
        "code": code,
        "new_password": NEW,
        "repeated": NEW,
    }


@pytest.fixture
def token(session, account):
    """The secret of a token that the account issued for an employer."""
    employer = factories.make_employer(session)
    factories.make_mandate(session, account, employer)
    _token, secret = issue_token(
        session,
        employer.id,
        name="payroll",
        scopes=("read",),
        expires_on=date(2027, 1, 1),
        actor=Actor(account.id, account.person_id),
        at=NOW,
    )
    session.commit()
    return secret


def works(session, secret):
    session.expire_all()
    return find_bearer(session, secret, on=TODAY, at=NOW) is not None


def change(browser, **typed):
    form = {"password": PASSWORD, "new_password": NEW, "repeated": NEW} | typed
    return browser.post("/account/password", data=form)


def test_a_code_ends_every_sign_in_and_token_and_says_so(
    session, app, enter, account, person, token, activation
):
    others = [app.test_client(), app.test_client()]
    for other in others:
        enter(person, by=other)
    mine = app.test_client()
    mine.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert works(session, token)

    answer = mine.post("/activate", data=activation, follow_redirects=True)

    assert "2 other sign-ins ended" in answer.text
    assert "1 API token of yours ended" in answer.text
    assert [other.get("/account").status_code for other in others] == [303, 303]
    assert mine.get("/account").status_code == 200
    assert not works(session, token)


def test_a_change_keeps_the_browser_it_was_made_in(session, app, browser, enter, person, token):
    other = app.test_client()
    enter(person, by=other)
    enter(person)

    page = change(browser).location
    shown = browser.get(page).text

    assert "1 other sign-in ended" in shown
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert not works(session, token)


def test_the_tokens_and_sign_ins_of_others_stay(session, app, enter, account, person, token):
    stranger = factories.make_person(session)
    their_account = create_account(session, stranger.id, PASSWORD, at=NOW)
    session.commit()
    other = app.test_client()
    enter(person, by=other)

    change_password(session, their_account, NEW, at=NOW)
    session.commit()

    assert works(session, token)
    assert other.get("/account").status_code == 200


def test_nothing_is_said_where_nothing_ended(browser, enter, account, person):
    enter(person)

    assert not re.search(r"\bended\b", browser.get(change(browser).location).text)


def test_a_new_account_ends_nothing(browser, clock, activation):
    page = browser.post("/activate", data=activation, follow_redirects=True).text

    assert "Your account is open." in page
    assert not re.search(r"\bended\b", page)


def test_five_wrong_present_passwords_pause_the_change(clock, browser, enter, account, person):
    enter(person)
    wrong = [change(browser, password="another one").status_code for _try in range(5)]
    paused = change(browser)

    assert wrong == [422] * 5
    assert paused.status_code == 429
    assert "Too many failed attempts." in paused.text
    clock.shift(301)
    assert change(browser).status_code == 303


def test_a_right_present_password_is_no_failure(browser, enter, account, person):
    enter(person)
    for _try in range(6):
        answer = change(browser, new_password=PASSWORD, repeated=PASSWORD)
        assert answer.status_code == 422
        assert "This is your current password." in answer.text


def test_wrong_guesses_of_a_stranger_leave_owner_and_code(app, browser, clock, activation):
    stranger = app.test_client()
    for number in range(8):
        guess = activation | {"code": f"AAAA333{number % 10}", "name": "王芳"}
        assert stranger.post("/activate", data=guess, **ELSEWHERE).status_code == 422

    assert browser.post("/activate", data=activation).status_code == 303


def test_wrong_guesses_at_the_owners_own_line_leave_the_code_too(app, browser, clock, activation):
    for _try in range(6):
        assert browser.post("/activate", data=activation | {"code": "AAAA3333"}).status_code == 422

    assert browser.post("/activate", data=activation).status_code == 303


def test_twenty_wrong_codes_pause_that_line_only(app, browser, clock, activation):
    wrong = activation | {"code": "AAAA3333"}
    answers = [browser.post("/activate", data=wrong, **ELSEWHERE).status_code for _try in range(21)]

    assert answers == [422] * 20 + [429]
    assert browser.post("/activate", data=activation, **ELSEWHERE).status_code == 429
    assert browser.post("/activate", data=activation).status_code == 303


def test_a_code_is_used_once(session, app, browser, clock, person, activation):
    browser.post("/activate", data=activation)
    again = app.test_client().post("/activate", data=activation)

    assert again.status_code == 422


def test_a_known_browser_shared_by_many_is_counted_for_each(
    session, browser, enter, account, person
):
    colleague = factories.make_person(session, name="李同事")
    create_account(session, colleague.id, PASSWORD, at=NOW)
    session.commit()
    for somebody in (person, colleague):
        assert enter(somebody).status_code == 303
        browser.post("/sign-out")
    for _try in range(5):
        enter(person, "wrong password")

    assert enter(person).status_code == 429
    assert enter(colleague).status_code == 303


def test_the_neighbours_of_one_who_guesses_get_in(session, app, browser, enter, account, person):
    """Five wrong passwords for one number; then another person from the same address."""
    other = factories.make_person(session)
    session.commit()
    for _try in range(6):
        enter(other, "wrong password")

    assert enter(person).status_code == 303


def test_whoever_tries_number_after_number_is_paused_by_address(session, account, person):
    address = "203.0.113.4"
    numbers = iter(range(10_000))

    def attempt(by=address):
        reserve_sign_in(session, Attempt(str(next(numbers)), by, "", SECRET), at=NOW)

    for _number in range(PER_ADDRESS.tries):
        attempt()

    with pytest.raises(SignInPaused):
        attempt()
    attempt(by="203.0.113.5")


def test_a_success_is_not_counted_at_the_address(session, account, person):
    def address_tries():
        session.expire_all()
        return session.get_one(AttemptCount, attempt.address_hash).tries

    attempt = Attempt(person.id_number, "203.0.113.4", "", SECRET)
    sign_in(session, reserve_sign_in(session, attempt, at=NOW), PASSWORD, at=NOW)
    assert address_tries() == 0
    with pytest.raises(SignInRefused):
        sign_in(session, reserve_sign_in(session, attempt, at=NOW), "wrong", at=NOW)
    assert address_tries() == 1


def test_a_password_changed_while_it_was_compared_opens_nothing(session, account, person):
    attempt = Attempt(person.id_number, "203.0.113.4", "", SECRET)
    reserved = reserve_sign_in(session, attempt, at=NOW)
    change_password(session, account, NEW, at=NOW)
    session.commit()

    with pytest.raises(SignInRefused):
        sign_in(session, reserved, PASSWORD, at=NOW)


def test_whoever_is_registered_as_dead_is_out_and_told_whom_to_see(
    session, browser, enter, account, person, token
):
    enter(person)
    person.died_on = date(2026, 11, 20)
    session.commit()

    assert browser.get("/account").status_code == 303
    assert not works(session, token)
    refused = enter(person)
    assert refused.status_code == 403
    assert "For the family" in refused.text
    assert "12333" in refused.text
    assert browser.get("/account").status_code == 303
    assert enter(person, "wrong password").status_code == 422


def test_a_code_does_not_open_the_account_of_the_dead(session, browser, clock, person, activation):
    person.died_on = date(2026, 11, 20)
    session.commit()

    assert browser.post("/activate", data=activation).status_code == 403
    assert browser.post("/activate", data=activation | {"name": "王方"}).status_code == 422


def test_a_death_ends_what_is_open_in_the_books_too(session, enter, account, person, token):
    enter(person)
    end_access_of(session, person.id, reason=EndReason.DIED, at=NOW)
    end_access_of(session, factories.make_person(session).id, reason=EndReason.DIED, at=NOW)

    session.expire_all()
    assert {row.end_reason for row in session.scalars(select(SignInSession))} == {EndReason.DIED}
    assert session.scalars(select(ApiToken)).one().revoked_at == NOW
