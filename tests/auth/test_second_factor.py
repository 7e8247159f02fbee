"""Staff prove a second factor: set up with an app, asked after the password, never taken twice."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.auth.credentials.second_factor.set_up import ResetRefused, reset
from siweb.auth.credentials.second_factor.totp import app_address, code_of, matching_step
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.second_factor import RecoveryCode
from tests import factories
from tests.conftest import NOW
from tests.second_factor import SECRET, code_at, give_factor
from tests.sign_in import appoint

PROVE = "/account/second-factor/prove"
SET_UP = "/account/second-factor/set-up"


@pytest.fixture
def clerk(session, person, account):
    appoint(session, person, Function.REVIEW)
    session.commit()
    return person


@pytest.fixture
def codes(app, session, clerk, account):
    """The recovery codes of a clerk whose factor was set up yesterday."""
    made = give_factor(session, account, key=app.config["SECRET_KEY"], at=NOW - timedelta(days=1))
    session.commit()
    return made


@pytest.fixture
def prove(browser, clerk, codes, enter):
    """Send a code after the password."""

    def send(code, **options):
        return browser.post(PROVE, data={"code": code}, **options)

    enter(clerk)
    return send


def opens(browser):
    return browser.get("/desk").status_code == 200


def secret_on(page):
    return re.search(r"<dd>([A-Z2-7 ]{39})</dd>", page.text)[1].replace(" ", "")


def test_the_code_is_that_of_the_standard():
    """RFC 6238, appendix B: SHA-1, its eight digits cut to the last six."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")):
        assert code_of(secret, seconds // 30) == code
    assert app_address(secret, account="王芳", office="Office").startswith("otpauth://totp/Office:")


def test_a_code_counts_half_a_minute_early_or_late_and_once():
    step = int(NOW.timestamp()) // 30
    found = {
        off: matching_step(SECRET, code_of(SECRET, step + off), at=NOW, after=0)
        for off in range(-2, 3)
    }
    assert found == {-2: None, -1: step - 1, 0: step, 1: step + 1, 2: None}
    # Neither the one that was taken nor one before it.
    for off in (-1, 0):
        assert matching_step(SECRET, code_of(SECRET, step + off), at=NOW, after=step) is None
    assert matching_step(SECRET, "１２３", at=NOW, after=0) is None


def test_staff_without_a_factor_set_one_up_before_any_page_of_the_desk(
    browser, clerk, enter, session
):
    assert enter(clerk).location.startswith(PROVE)
    for address in ("/desk", "/desk/reviews", "/desk/tasks"):
        assert browser.get(address).location.startswith(PROVE)
    # What is their own opens as it does for everybody.
    assert browser.get("/account").status_code == 200

    asked = browser.get("/desk/reviews", follow_redirects=True)
    assert asked.request.path == SET_UP
    assert "data:image/svg+xml" in asked.text
    secret = secret_on(asked)
    assert browser.post(asked.request.full_path, data={"code": "000000"}).status_code == 422
    assert not opens(browser)
    # The page shows the same secret until a code proves that the app has it.
    assert secret_on(browser.get(SET_UP)) == secret

    done = browser.post(asked.request.full_path, data={"code": code_at(NOW, secret)})

    shown = re.findall(r"<code>(\w{5}-\w{5})</code>", done.text)
    assert len(shown) == 10
    assert 'href="/desk/reviews"' in done.text
    assert opens(browser)
    noted = session.scalars(select(Activity).where(Activity.action == "second_factor.set_up")).one()
    assert noted.facts == {}
    # Sealed and digested: the database tells neither.
    kept = session.execute(text("SELECT secret FROM second_factor")).scalar_one()
    assert secret.encode() not in bytes(kept)
    digests = session.scalars(select(RecoveryCode.digest)).all()
    assert not set(digests) & {code.replace("-", "") for code in shown}


def test_a_citizen_is_asked_for_nothing_and_has_no_such_page(browser, person, account, enter):
    assert enter(person).location == "/"
    for address in (PROVE, SET_UP, "/account/second-factor"):
        assert browser.get(address).status_code == 404
    assert "Second factor" not in browser.get("/account").text


def test_the_desk_opens_with_a_code_and_no_code_opens_it_twice(
    browser, clerk, prove, enter, app, clock
):
    assert not opens(browser)
    assert prove(code_at(NOW), query_string={"next": "/desk/reviews"}).location == "/desk/reviews"
    assert opens(browser)

    other = app.test_client()
    other.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    enter(clerk, by=other)
    for code in (code_at(NOW), code_at(NOW - timedelta(seconds=30))):
        refused = other.post(PROVE, data={"code": code})
        assert refused.status_code == 422
        assert "was used already" in refused.text
    assert not opens(other)
    clock.shift(timedelta(seconds=30))
    assert other.post(PROVE, data={"code": code_at(NOW + timedelta(seconds=30))}).location == "/"
    assert opens(other)


def test_a_recovery_code_stands_in_once(browser, prove, codes, session):
    typed = f" {codes[3][:5].lower()}-{codes[3][5:]}"
    assert "9 recovery codes are left." in prove(typed, follow_redirects=True).text
    assert opens(browser)

    assert prove(typed).status_code == 422
    noted = select(Activity.facts).where(Activity.action == "second_factor.proved")
    assert session.scalars(noted).all() == [{"recovery_codes_left": 9}]


def test_codes_are_not_guessed(prove, session, clock):
    for _try in range(5):
        assert prove("000000").status_code == 422
    paused = prove(code_at(NOW))
    assert paused.status_code == 429
    assert "Too many wrong codes" in paused.text

    clock.shift(timedelta(minutes=6))
    # The right code was paused, not taken.
    assert prove(code_at(NOW + timedelta(minutes=6))).status_code == 303


def test_new_recovery_codes_and_another_device_want_a_fresh_proof(browser, prove, codes, clock):
    prove(code_at(NOW))
    clock.shift(timedelta(minutes=11))
    renewal = "/account/second-factor/recovery-codes"
    for asked in (browser.get(SET_UP), browser.post(renewal), browser.post(SET_UP)):
        assert asked.location.startswith(PROVE)

    later = NOW + timedelta(minutes=11)
    kept = prove(code_at(later))
    assert re.fullmatch(r"/account/kept/\w+", kept.location)
    assert len(re.findall(r"<code>\w{5}-\w{5}", browser.post(renewal).text)) == 10
    assert prove(codes[0]).status_code == 422

    secret = secret_on(browser.get(SET_UP))
    assert secret != SECRET
    assert browser.post(SET_UP, data={"code": code_at(later)}).status_code == 422
    assert browser.post(SET_UP, data={"code": code_at(later, secret)}).status_code == 200
    later += timedelta(seconds=30)
    clock.shift(timedelta(seconds=30))
    assert prove(code_at(later)).status_code == 422
    assert prove(code_at(later, secret)).status_code == 303
    assert "Set up another device" in browser.get("/account/second-factor").text


def test_a_lost_factor_is_taken_away_with_its_sign_ins(browser, prove, codes, session, account):
    prove(code_at(NOW))
    by = factories.make_account(session, factories.make_person(session))

    reset(session, account.id, actor=Actor(by.id, by.person_id), at=NOW)
    session.commit()

    assert browser.get("/desk").location.startswith("/sign-in")
    assert not session.scalars(select(RecoveryCode.digest)).all()
    noted = session.scalars(select(Activity).where(Activity.action == "second_factor.reset")).one()
    assert (noted.account_id, noted.person_id) == (by.id, account.person_id)
    with pytest.raises(ResetRefused) as refused:
        reset(session, account.id, actor=Actor(by.id, by.person_id), at=NOW)
    assert refused.value.code == "no_factor"


def test_a_demonstration_goes_without_unless_it_is_told_to_ask(settings):
    asked = {
        (demo, word): type(settings)(demo=demo, second_factor=word).asks_second_factor
        for demo in (True, False)
        for word in ("", "required")
    }
    # A real office always asks, and no setting says otherwise.
    assert asked == {
        (True, ""): False, (True, "required"): True, (False, ""): True, (False, "required"): True,
    }  # fmt: skip
