"""Passkeys: one's own to sign in, staff's as the second factor; an answer counts once and here."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.auth.credentials.activate import issue_activation_code
from siweb.auth.credentials.join_accounts import join_accounts
from siweb.auth.credentials.second_factor.set_up import ResetRefused, reset
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.passkey import Passkey, PasskeyChallenge
from siweb.messages.tables.message import Message
from tests import factories
from tests.auth.conftest import PASSWORD
from tests.auth.second_factor import code_at, give_code, give_factor
from tests.auth.software_passkey import (
    SoftwarePasskey,
    add_by_page,
    options_at,
    passkeys_on,
    prove_by_page,
    sign_in_by_page,
)
from tests.conftest import NOW
from tests.sign_in import appoint, sign_in

LIST, PROVE = "/account/passkeys", "/account/second-factor/passkey"
SIGN_IN = "/sign-in/passkey"


@pytest.fixture
def settings(settings):
    return replace(settings, public_url="http://localhost")


@pytest.fixture
def phone():
    return SoftwarePasskey()


@pytest.fixture
def owner(browser, person, account, enter, phone):
    """The browser of somebody who signed in by password and added a passkey."""
    enter(person)
    assert add_by_page(browser, phone, PASSWORD).location == LIST
    return browser


@pytest.fixture
def stranger(app, owner):
    """A browser that has never been here."""
    made = app.test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


@pytest.fixture
def clerk(app, browser, session, person, account, enter, phone):
    """The browser of a clerk whose only second factor is a passkey."""
    appoint(session, person, Function.ADMINISTRATION)
    given = give_code(session, account, key=app.config["SECRET_KEY"], at=NOW)
    session.commit()
    enter(person)
    # A password adds no second factor: neither without the code nor with another one.
    for wrong in ("", "AAAAACCCCC"):
        assert add_by_page(browser, phone, PASSWORD, given=wrong).status_code == 422
    assert "Your recovery codes" in add_by_page(browser, phone, PASSWORD, given=given).text
    return browser


@pytest.fixture(params=["sign in", "second factor"])
def clerk_or_owner(request):
    """Somebody with a passkey, and how they use it."""
    if request.param == "sign in":
        request.getfixturevalue("owner")
        return request.getfixturevalue("stranger"), sign_in_by_page
    return request.getfixturevalue("clerk"), prove_by_page


def is_in(browser):
    return browser.get("/account").status_code == 200


def told(session):
    return session.scalars(select(Message.kind).where(Message.kind.like("passkey%"))).all()


def test_a_passkey_signs_its_owner_in_anywhere_and_they_are_told(stranger, phone, session, person):
    assert sign_in_by_page(stranger, phone).status_code == 303

    assert person.name in stranger.get("/account").text
    assert sorted(told(session)) == ["passkey_added", "passkey_used"]
    noted = select(Activity.facts).where(Activity.action == "account.signed_in")
    assert session.scalars(noted.order_by(Activity.id)).all()[-1] == {
        "passkey": session.scalars(select(Passkey.id)).one()
    }


def test_a_browser_that_was_here_before_is_no_new_device(owner, phone, session):
    owner.post("/sign-out")
    assert sign_in_by_page(owner, phone).status_code == 303
    assert told(session) == ["passkey_added"]


@pytest.mark.parametrize(
    "changed",
    [
        {"party": "localhost.example"},
        {"origin": "https://localhost"},
        {"origin": "http://localhost:81"},
        {"flags": 1},
        {"flags": 4},
        {"count": -1},
        {"count": 0},
        {"secret": SoftwarePasskey().secret},
        {"name": b"another"},
    ],
    ids="-".join,
)
def test_an_answer_that_does_not_fit_signs_nobody_in(stranger, phone, changed, session):
    session.execute(update(Passkey).values(sign_count=1))
    phone.count = 1
    for name, value in changed.items():
        setattr(phone, name, value)

    answer = sign_in_by_page(stranger, phone)

    assert answer.status_code == 422
    assert "does not open an account here" in answer.text
    assert not is_in(stranger)
    copied = ["passkey_copied"] if "count" in changed else []
    assert sorted(told(session)) == ["passkey_added", *copied]


def test_a_passkey_that_counts_nothing_signs_in_all_the_same(stranger, phone, session):
    session.execute(update(Passkey).values(sign_count=0))
    phone.count = -1

    assert sign_in_by_page(stranger, phone).status_code == 303

    assert is_in(stranger)
    assert session.scalars(select(Passkey.sign_count)).all() == [0]


def test_a_count_that_went_back_is_told_to_the_owner(clerk_or_owner, phone, session):
    """A sign of a copy; another's signature with a low count is only wrong."""
    browser, use = clerk_or_owner
    session.execute(update(Passkey).values(sign_count=9))
    session.commit()
    secret, phone.secret = phone.secret, SoftwarePasskey().secret
    assert use(browser, phone).status_code == 422
    assert "passkey_copied" not in told(session)

    phone.secret = secret
    assert use(browser, phone).status_code == 422

    assert told(session).count("passkey_copied") == 1
    noted = select(Activity.facts).where(Activity.action == "passkey.count_went_back")
    assert session.scalars(noted).all() == [{"passkey": session.scalars(select(Passkey.id)).one()}]
    phone.count = 9
    assert use(browser, phone).status_code == 303


def test_an_answer_counts_once(app, stranger, phone):
    used = phone.use(options_at(stranger, f"{SIGN_IN}/challenge"))
    with stranger.session_transaction() as kept:
        attempt = kept["passkey_attempt"]
    assert stranger.post(SIGN_IN, data={"answer": used}).status_code == 303

    again = app.test_client()
    with again.session_transaction() as kept:
        kept["passkey_attempt"] = attempt
    assert again.post(SIGN_IN, data={"answer": used}).status_code == 422


def test_a_challenge_is_good_for_the_attempt_that_asked(app, stranger, phone):
    used = phone.use(options_at(stranger, f"{SIGN_IN}/challenge"))
    assert app.test_client().post(SIGN_IN, data={"answer": used}).status_code == 422


def test_a_challenge_is_good_for_its_purpose(owner, stranger, phone):
    asked = options_at(owner, f"{LIST}/challenge")
    options_at(stranger, f"{SIGN_IN}/challenge")
    assert stranger.post(SIGN_IN, data={"answer": phone.use(asked)}).status_code == 422


@pytest.mark.parametrize(("minutes", "status"), [(4.9, 303), (5, 422)])
def test_a_challenge_lasts_five_minutes(stranger, phone, clock, session, minutes, status):
    used = phone.use(options_at(stranger, f"{SIGN_IN}/challenge"))
    clock.shift(timedelta(minutes=minutes))
    assert stranger.post(SIGN_IN, data={"answer": used}).status_code == status
    options_at(stranger, f"{SIGN_IN}/challenge")
    assert len(session.scalars(select(PasskeyChallenge)).all()) == 1


def test_wrong_answers_pause_whoever_sends_them(stranger, phone):
    right, phone.secret = phone.secret, SoftwarePasskey().secret
    assert [sign_in_by_page(stranger, phone).status_code for _ in range(5)] == [422] * 5
    phone.secret = right

    assert sign_in_by_page(stranger, phone).status_code == 429
    stranger.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert sign_in_by_page(stranger, phone).status_code == 303


@pytest.mark.parametrize("answer", ["", "[]", "{}", "x" * 16_001, '{"id":"YQ","rawId":"YQ"}'])
def test_what_no_device_answers_is_refused(owner, stranger, answer):
    assert stranger.post(SIGN_IN, data={"answer": answer}).status_code == 422
    data = {"name": "a", "password": PASSWORD, "answer": answer}
    assert owner.post(f"{LIST}/add", data=data).status_code == 422


def test_adding_wants_the_password_and_a_key_that_nobody_added(owner, session):
    another = SoftwarePasskey(name=b"another")
    refused = add_by_page(owner, another, "not this one")
    assert (refused.status_code, "not your current password" in refused.text) == (422, True)
    assert add_by_page(owner, SoftwarePasskey(), PASSWORD).status_code == 422
    assert (
        add_by_page(owner, SoftwarePasskey(name=b"b", verifies=False), PASSWORD).status_code == 422
    )

    assert add_by_page(owner, another, PASSWORD).status_code == 303
    assert len(session.scalars(select(Passkey)).all()) == 2


def test_what_the_device_is_told_names_no_number(owner, person):
    asked = options_at(owner, f"{LIST}/challenge")
    assert (asked["rp"]["id"], asked["user"]["name"]) == ("localhost", person.name)
    assert person.id_number not in str(asked)
    assert len(asked["excludeCredentials"]) == 1


def test_ones_own_are_named_and_removed(owner, stranger, phone, session):
    (number,) = passkeys_on(owner.get(LIST))
    owner.post(f"{LIST}/{number}/name", data={f"{number}-name": "旧手机"})
    assert "旧手机" in owner.get(LIST).text
    assert owner.post(f"{LIST}/{number}/name", data={f"{number}-name": ""}).status_code == 422

    owner.post(f"{LIST}/{number}/remove")

    assert "You have no passkey yet" in owner.get(LIST).text
    assert sorted(told(session)) == ["passkey_added", "passkey_removed"]
    assert sign_in_by_page(stranger, phone).status_code == 422


def test_of_several_the_one_that_is_named_wrongly_says_so(owner, session):
    assert add_by_page(owner, SoftwarePasskey(name=b"b"), PASSWORD).location == LIST
    first, second = passkeys_on(owner.get(LIST))

    refused = owner.post(f"{LIST}/{second}/name", data={f"{second}-name": ""})

    assert refused.status_code == 422
    said = {
        number: "Give it a name"
        in refused.text.split(f'action="{LIST}/{number}/name"')[1].split("</form>")[0]
        for number in (first, second)
    }
    assert said == {first: False, second: True}
    assert owner.post(f"{LIST}/99/name", data={"99-name": ""}).status_code == 404
    assert set(session.scalars(select(Passkey.name))) == {"my phone"}


def test_nobody_touches_those_of_others(app, owner, session, enter):
    (number,) = passkeys_on(owner.get(LIST))
    other, browser = factories.make_person(session), app.test_client()
    factories.make_account(session, other)
    session.commit()
    sign_in(browser, session, other)
    assert browser.post(f"{LIST}/{number}/name", data={f"{number}-name": "mine"}).status_code == 404
    assert browser.post(f"{LIST}/{number}/remove").status_code == 404
    assert session.scalars(select(Passkey.name)).one() == "my phone"


def test_an_activation_code_takes_away_what_only_signs_in(
    app, owner, stranger, phone, session, person
):
    key = app.config["SECRET_KEY"]
    code = issue_activation_code(session, person.id, key=key, at=NOW, actor=Actor(None, None))
    session.commit()
    form = dict.fromkeys(("new_password", "repeated"), "a long and quiet river")
    form |= {"id_number": person.id_number, "name": person.name, "code": code}
    assert stranger.post("/activate", data=form).status_code == 303

    assert sign_in_by_page(app.test_client(), phone).status_code == 422


def test_the_dead_sign_in_by_no_passkey(stranger, phone, session, person):
    person.died_on = date(2026, 1, 1)
    session.commit()
    assert sign_in_by_page(stranger, phone).status_code == 403
    assert not is_in(stranger)


def test_a_passkey_follows_its_owner_into_the_joined_account(stranger, phone, session, person):
    other = factories.make_person(session, name=person.name)
    join_accounts(session, person.id, other.id, at=NOW)
    session.commit()
    assert sign_in_by_page(stranger, phone).status_code == 303


def test_a_passkey_is_the_second_factor_of_staff(clerk, phone, clock, session, person, enter):
    assert clerk.get("/desk").status_code == 200
    clerk.post("/sign-out")
    enter(person)
    assert "/second-factor/prove" in clerk.get("/desk").location
    assert "Use my passkey" in clerk.get("/account/second-factor/prove").text

    assert prove_by_page(clerk, phone).status_code == 303

    assert clerk.get("/desk").status_code == 200
    clock.shift(timedelta(minutes=11))
    asked = clerk.post("/desk/staff", data={})
    assert "/second-factor/prove" in asked.location
    kept = prove_by_page(clerk, phone)
    assert "/account/kept/" in kept.location


def test_whoever_has_the_password_adds_no_second_factor_beside_one(clerk, phone, person, enter):
    clerk.post("/sign-out")
    enter(person)
    another = SoftwarePasskey(name=b"another")
    assert "/second-factor/prove" in add_by_page(clerk, another, PASSWORD).location
    assert "/second-factor/prove" in clerk.get("/account/second-factor/set-up").location
    (number,) = passkeys_on(clerk.get(LIST))
    assert "/second-factor/prove" in clerk.post(f"{LIST}/{number}/remove").location
    phone.secret = another.secret
    assert [prove_by_page(clerk, phone).status_code for _ in range(6)] == [422] * 5 + [429]
    assert clerk.get("/desk").status_code == 303


def test_the_last_second_factor_stays_until_there_is_another(app, clerk, session, account):
    (number,) = passkeys_on(clerk.get(LIST))
    answer = clerk.post(f"{LIST}/{number}/remove", follow_redirects=True)
    assert "your only second factor" in answer.text
    give_factor(session, account, key=app.config["SECRET_KEY"], at=NOW)
    session.commit()
    assert "is removed" in clerk.post(f"{LIST}/{number}/remove", follow_redirects=True).text


def test_what_only_signs_in_is_no_second_factor(owner, stranger, phone, session, person):
    appoint(session, person, Function.ADMINISTRATION)
    session.commit()
    assert sign_in_by_page(stranger, phone).status_code == 303
    assert "/second-factor" in stranger.get("/desk").location
    assert stranger.post(f"{PROVE}/challenge").status_code == 404


def test_a_reset_takes_the_passkeys_away(clerk, phone, session, account):
    reset(session, account.id, actor=Actor(None, None), at=NOW)
    session.commit()
    assert not is_in(clerk)
    assert sign_in_by_page(clerk, phone).status_code == 422
    with pytest.raises(ResetRefused):
        reset(session, account.id, actor=Actor(None, None), at=NOW)


def test_codes_go_on_beside_a_passkey(app, clerk, session, account, person, enter):
    give_factor(session, account, key=app.config["SECRET_KEY"], at=NOW - timedelta(days=1))
    session.commit()
    clerk.post("/sign-out")
    enter(person)
    answer = clerk.post("/account/second-factor/prove", data={"code": code_at(NOW)})
    assert answer.status_code == 303
    assert clerk.get("/desk").status_code == 200


def test_a_citizen_has_nothing_to_prove(owner, phone):
    used = phone.make(options_at(owner, f"{LIST}/challenge"))
    assert owner.post(PROVE, data={"answer": used}).status_code == 404


def test_wrong_passwords_pause_the_adding_of_passkeys(owner):
    another = SoftwarePasskey(name=b"another")
    for _try in range(5):
        assert add_by_page(owner, another, "wrong").status_code == 422
    assert add_by_page(owner, another, PASSWORD).status_code == 429


def test_the_first_passkey_of_staff_opens_the_desk_and_is_told(clerk, session, account):
    assert clerk.get("/desk").status_code == 200
    told_of = session.scalars(select(Message.kind).where(Message.person_id == account.person_id))
    assert {"factor_set_up", "passkey_added"} <= set(told_of)
    assert [each.is_second_factor for each in session.scalars(select(Passkey))] == [True]
    # With a factor at hand, what is added needs a fresh proof and no given code.
    page = clerk.get(f"{LIST}/add")
    assert (page.status_code, "given" in page.text) == (200, False)
    another = SoftwarePasskey(name=b"another")
    assert add_by_page(clerk, another, PASSWORD).location == LIST
    (first, second) = passkeys_on(clerk.get(LIST))
    assert "is removed" in clerk.post(f"{LIST}/{second}/remove", follow_redirects=True).text
    assert first in passkeys_on(clerk.get(LIST))


def test_a_citizens_passkey_is_no_second_factor(owner, session):
    assert [each.is_second_factor for each in session.scalars(select(Passkey))] == [False]
    assert owner.get(f"{LIST}/add").status_code == 200
