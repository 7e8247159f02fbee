"""Staff prove a second factor: set up with an app, asked after the password, never taken twice."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.auth.credentials.activate import CodeRefused, issue_activation_code
from siweb.auth.credentials.second_factor.set_up import ResetRefused, reset
from siweb.auth.credentials.second_factor.set_up_code import (
    SetUpCodeRefused,
    issue_set_up_code,
)
from siweb.auth.credentials.second_factor.totp import app_address, code_of, matching_step
from siweb.auth.staff.find import find_appointment
from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.second_factor import RecoveryCode
from siweb.auth.tables.set_up_code import SetUpCode
from siweb.desk.staff.factor import propose_reset
from siweb.messages.tables.message import Message
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person_alias import PersonAlias
from siweb.tasks.two_person_action import Doing
from tests import factories
from tests.auth.second_factor import SECRET, code_at, give_code, give_factor
from tests.conftest import NOW
from tests.sign_in import appoint, sign_in

PROVE = "/account/second-factor/prove"
SET_UP = "/account/second-factor/set-up"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def clerk(session, person, account):
    appoint(session, person, Function.REVIEW)
    session.commit()
    return person


@pytest.fixture
def given(app, session, clerk, account):
    """The code by which the clerk may set up a first factor."""
    made = give_code(session, account, key=app.config["SECRET_KEY"], at=NOW)
    session.commit()
    return made


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
    browser, clerk, given, enter, session
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
    wrong = {"code": "000000", "given": given}
    assert browser.post(asked.request.full_path, data=wrong).status_code == 422
    assert not opens(browser)
    # The page shows the same secret until a code proves that the app has it.
    assert secret_on(browser.get(SET_UP)) == secret

    sent = {"code": code_at(NOW, secret), "given": f" {given[:5].lower()}-{given[5:]}"}
    done = browser.post(asked.request.full_path, data=sent)

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


def told(session, person):
    asked = select(Message.kind).where(Message.person_id == person.id)
    return sorted(session.scalars(asked))


def test_a_password_alone_sets_up_no_first_factor(
    app, browser, clerk, given, enter, session, clock, account
):
    enter(clerk)

    def set_up(code, at=NOW):
        secret = secret_on(browser.get(SET_UP))
        return browser.post(SET_UP, data={"code": code_at(at, secret), "given": code})

    # Neither without a code, nor with somebody else's, nor after five wrong ones.
    other = factories.make_account(session, factories.make_person(session))
    theirs = give_code(session, other, key=app.config["SECRET_KEY"], at=NOW)
    session.commit()
    assert "that an administrator gave you" in set_up("").text
    assert "does not match" in set_up("AAAAACCCCC").text
    # Of one that was mistyped nobody is told: it may be tried again.
    assert told(session, clerk) == ["set_up_code_given"]
    for code in (theirs, *["AAAAACCCCC"] * 3):
        assert "does not match" in set_up(code).text
    assert set_up(given).status_code == 429
    assert told(session, clerk) == ["set_up_code_given", "set_up_code_spent"]
    clock.shift(timedelta(minutes=6))
    later = NOW + timedelta(minutes=6)
    assert "does not match" in set_up(given, later).text
    assert not opens(browser)

    again = give_code(session, account, key=app.config["SECRET_KEY"], at=later)
    session.commit()
    # A clock that is wrong spends no try of it.
    for _try in range(6):
        assert browser.post(SET_UP, data={"code": "000000", "given": again}).status_code == 422
    assert set_up(again, later).status_code == 200
    assert opens(browser)
    assert "factor_set_up" in told(session, clerk)


@pytest.mark.parametrize("after", ["a fortnight", "another one"])
def test_a_set_up_code_ends(app, browser, clerk, given, enter, session, clock, account, after):
    at = NOW + timedelta(days=14, seconds=-1)
    if after == "another one":
        give_code(session, account, key=app.config["SECRET_KEY"], at=NOW)
        session.commit()
    else:
        at += timedelta(seconds=1)
    clock.shift(at - NOW)
    enter(clerk)
    sent = {"code": code_at(at, secret_on(browser.get(SET_UP))), "given": given}
    assert "does not match" in browser.post(SET_UP, data=sent).text


def test_nobody_gives_both_codes(app, session, clerk, account):
    by = factories.make_account(session, factories.make_person(session))
    doing = {"key": app.config["SECRET_KEY"], "actor": Actor(by.id, by.person_id), "at": NOW}
    issue_set_up_code(session, clerk.id, **doing)
    with pytest.raises(CodeRefused):
        issue_activation_code(session, clerk.id, **doing)
    other = factories.make_person(session)
    issue_activation_code(session, other.id, **doing)
    with pytest.raises(SetUpCodeRefused) as refused:
        issue_set_up_code(session, other.id, **doing)
    assert refused.value.code == "gave_activation"


def test_an_administrator_gives_the_code_once_it_can_be_used(app, session, clerk, account):
    desk, other = app.test_client(), factories.make_person(session, name="张伟")
    sign_in(desk, session, other, (Function.ADMINISTRATION,))
    pages = {
        person.id: f"/desk/staff/{session.scalar(held)}"
        for person in (clerk, other)
        if (held := select(Appointment.id).where(Appointment.person_id == person.id)) is not None
    }
    give = f"{pages[clerk.id]}/set-up-code"
    assert "Make the set-up code" in desk.get(pages[clerk.id], headers=ENGLISH).text
    shown = re.search(r"<code>(\w{5}-\w{5})</code>", desk.post(give).text)[1]
    kept = session.scalars(select(SetUpCode.code_hash)).one()
    assert shown not in kept
    # Not to oneself, not beside a factor that is there, not to who has left.
    assert desk.post(f"{pages[other.id]}/set-up-code").status_code == 403
    give_factor(session, account, key=app.config["SECRET_KEY"], at=NOW)
    session.commit()
    assert "two administrators reset it first" in desk.post(give, headers=ENGLISH).text
    session.execute(
        update(Appointment).values(ended_at=NOW).where(Appointment.person_id == clerk.id)
    )
    session.commit()
    assert desk.post(give).status_code == 404


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


def test_a_factor_is_reset_on_the_account_that_a_former_registration_has(session, clerk, account):
    give_factor(session, account, key="k", at=NOW)
    stands, maker = (factories.make_person(session) for _each in range(2))
    held = session.scalars(select(Appointment).where(Appointment.person_id == clerk.id)).first()
    held.person_id = stands.id
    session.add(PersonAlias(former_id=clerk.id, person_id=stands.id, merged_at=NOW))
    session.flush()
    actor = Actor(factories.make_account(session, maker).id, maker.id)
    doing = Doing(actor, NOW, packs_in_force(session))

    task = propose_reset(session, find_appointment(session, held.id), "本人到场", doing)

    assert task.change["account_id"] == account.id
