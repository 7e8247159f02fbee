"""Signing in: the same words for everyone who is refused, a pause that ends, sign-ins one can end."""

from datetime import timedelta

import pytest

from siweb.audit.actor import SYSTEM
from siweb.auth.credentials.account import create_account
from siweb.auth.credentials.activate import issue_activation_code
from siweb.auth.tables.appointment import Function
from tests import factories
from tests.auth.conftest import PASSWORD
from tests.auth.second_factor import give_factor
from tests.conftest import NOW
from tests.sign_in import appoint

REFUSED = "ID number and password do not match."
SECRET = "test " * 8
ELSEWHERE = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}


def test_the_right_password_opens_the_account(browser, enter, account, person):
    assert enter(person).status_code == 303
    assert "王芳" in browser.get("/account").text


def test_an_unknown_person_and_a_wrong_password_read_alike(session, enter, account, person):
    stranger = factories.make_person(session)
    session.commit()

    wrong, unknown = enter(person, "wrong password"), enter(stranger, "wrong password")

    assert wrong.status_code == unknown.status_code == 422
    assert REFUSED in wrong.text
    assert wrong.text.replace(person.id_number, "") == unknown.text.replace(stranger.id_number, "")


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("110105194912310021", "last character"),
        ("11010519490230002X", "birth date"),
        ("110105491231002", "15"),
        ("1.10105E+17", "spreadsheet"),
    ],
)
def test_a_number_that_cannot_be_is_told_which_part_is_wrong(browser, number, says):
    answer = browser.post("/sign-in", data={"id_number": number, "password": "x"})

    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{number}"' in answer.text


def test_full_width_and_small_letters_are_the_same_number(session, browser, clock):
    person = factories.make_person(session, id_number="11010519491231002X")
    create_account(session, person.id, PASSWORD, at=NOW)
    session.commit()
    typed = "１１０１０５１９４９１２３１００２x"

    answer = browser.post("/sign-in", data={"id_number": typed, "password": PASSWORD})

    assert answer.status_code == 303


def test_five_failures_pause_the_number_and_the_pause_ends(clock, enter, account, person):
    for _try in range(5):
        enter(person, "wrong password")
    paused = enter(person)

    assert paused.status_code == 429
    clock.move_to(NOW + timedelta(minutes=6))
    assert enter(person).status_code == 303


def test_a_victim_whose_browser_is_known_is_let_in_during_a_pause(
    app, browser, enter, account, person
):
    enter(person)
    browser.post("/sign-out")
    attacker = app.test_client()
    for _try in range(5):
        enter(person, "wrong password", by=attacker, **ELSEWHERE)

    assert enter(person, by=attacker, **ELSEWHERE).status_code == 429
    assert enter(person).status_code == 303


def test_five_guesses_of_a_stranger_do_not_keep_the_owner_out(app, enter, account, person):
    stranger, new_browser = app.test_client(), app.test_client()
    answers = [enter(person, "wrong password", by=stranger, **ELSEWHERE) for _try in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert enter(person, by=new_browser).status_code == 303


def test_guesses_over_many_lines_pause_the_number_for_browsers_that_are_not_known(
    app, browser, enter, account, person
):
    enter(person)
    browser.post("/sign-out")
    for line in range(4):
        by = {"environ_base": {"REMOTE_ADDR": f"203.0.113.{line}"}}
        for _try in range(5):
            enter(person, "wrong password", by=app.test_client(), **by)

    assert enter(person, by=app.test_client()).status_code == 429
    assert enter(person).status_code == 303


def test_the_owners_coming_gives_a_stranger_no_new_guesses(app, enter, account, person):
    stranger = app.test_client()
    for _try in range(5):
        enter(person, "wrong password", by=stranger, **ELSEWHERE)
    enter(person, by=app.test_client())

    assert enter(person, by=stranger, **ELSEWHERE).status_code == 429


def test_sign_ins_are_listed_and_ended_by_their_owner(app, browser, enter, account, person):
    enter(person)
    other = app.test_client()
    enter(person, by=other)

    assert browser.get("/account/sign-ins").text.count("<form") >= 2
    browser.post("/account/sign-ins/end")

    assert other.get("/account").status_code == 303
    assert browser.get("/account").status_code == 200


def test_nobody_ends_the_sign_ins_of_another(session, app, browser, enter, account, person):
    enter(person)
    stranger = factories.make_person(session)
    factories.make_account(session, stranger)
    session.commit()

    for typed in ("999999", "9" * 24, "0", "-1", "1\n", ""):
        answer = browser.post("/account/sign-ins/end", data={"only": typed})
        assert answer.status_code == 404


def test_a_sign_in_ends_after_half_an_hour_without_a_click(clock, browser, enter, account, person):
    enter(person)
    clock.move_to(NOW + timedelta(minutes=29))
    assert browser.get("/account").status_code == 200
    clock.move_to(NOW + timedelta(minutes=60))

    assert browser.get("/account").status_code == 303


def test_where_one_wanted_to_go_is_kept_but_not_outside(browser, enter, account, person):
    assert browser.get("/reviews").location.endswith("/sign-in?next=/reviews")
    form = {"id_number": person.id_number, "password": PASSWORD}

    assert browser.post("/sign-in?next=//evil.example", data=form).location == "/"


def test_a_one_time_code_opens_an_account_once(session, browser, clock, person):
    code = issue_activation_code(session, person.id, key=SECRET, at=NOW, actor=SYSTEM)
    session.commit()
    form = {
        "id_number": person.id_number,
        "name": "王芳",
        "code": code,
        "new_password": "three quiet words",
        "repeated": "three quiet words",
    }

    assert browser.post("/activate", data=form | {"name": "王方"}).status_code == 422
    assert browser.post("/activate", data=form).status_code == 303
    browser.post("/sign-out")
    assert browser.post("/activate", data=form).status_code == 422


def test_a_piece_of_a_page_without_a_sign_in_moves_the_whole_page(
    browser, enter, account, person, clock
):
    """A script would follow a redirect, and put the sign-in page into the piece."""
    piece = {"HX-Request": "true"}
    asked = browser.get("/account/sign-ins?a=b", headers=piece)
    assert (asked.status_code, asked.text) == (200, "")
    assert asked.headers["HX-Redirect"] == "/sign-in?next=/account/sign-ins?a%3Db"
    plain = browser.get("/account/sign-ins?a=b")
    assert (plain.status_code, plain.location) == (303, "/sign-in?next=/account/sign-ins?a%3Db")
    assert "HX-Redirect" not in plain.headers
    # A form goes back to its page, and of one that nobody is known to have sent nothing is kept.
    sent = browser.post("/account/contact", data={"mobile": "1"}, headers=piece)
    assert sent.headers["HX-Redirect"] == "/sign-in?next=/account/contact"
    enter(person)
    clock.shift(timedelta(minutes=31))
    late = browser.post("/account/contact", data={"mobile": "1"})
    assert (late.status_code, late.location) == (303, "/sign-in?kept=yes&next=/account/contact")


def test_a_piece_that_wants_a_fresh_proof_moves_the_whole_page(
    browser, session, enter, account, person, app
):
    appoint(session, person, Function.REVIEW)
    give_factor(session, account, key=app.config["SECRET_KEY"], at=NOW)
    session.commit()
    enter(person)

    asked = browser.get("/desk/reviews?page=2", headers={"HX-Request": "true"})

    assert (asked.status_code, asked.text) == (200, "")
    prove = "/account/second-factor/prove?next=/desk/reviews?page%3D2"
    assert asked.headers["HX-Redirect"] == prove
    assert browser.get("/desk/reviews?page=2").location == prove
