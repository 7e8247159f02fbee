"""Sign in at a provider besides: linked by the owner, believed for what it signed, and for us."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import select, text

from siweb.auth.credentials.end_access import forget_links
from siweb.auth.credentials.join_accounts import join_accounts
from siweb.auth.credentials.linked.fetch import ProviderFault, ProviderSilent, fetch_json
from siweb.auth.credentials.linked.links import LinkRefused, link
from siweb.auth.credentials.linked.provider import PROVIDER, Provider
from siweb.auth.credentials.throttle import PER_ADDRESS
from siweb.auth.pages.linked import views
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.linked_sign_in import LinkedSignIn
from siweb.messages.tables.message import Message
from tests import factories
from tests.auth.conftest import PASSWORD
from tests.auth.made_provider import ISSUER, MadeProvider
from tests.auth.second_factor import give_factor
from tests.conftest import NOW
from tests.sign_in import appoint

LIST, START, BACK = "/account/linked", "/sign-in/linked", "/sign-in/linked/back"


@pytest.fixture
def settings(settings):
    return replace(
        settings, public_url="http://localhost", oidc_issuer=ISSUER, oidc_name="政务通",
        oidc_client="siweb", oidc_secret="s 1",
    )  # fmt: skip


@pytest.fixture
def made(app):
    """The provider of the test: whoever comes is 王芳 there, unless it is told otherwise."""
    provider = MadeProvider()
    settings = app.extensions["siweb_settings"]
    app.extensions[PROVIDER] = Provider(
        ISSUER,
        settings.oidc_client,
        settings.oidc_secret,
        settings.oidc_name,
        fetch=provider.answer,
    )
    return provider


def begin_link(browser):
    """The page that leads to the provider, after the password."""
    page = browser.post(LIST, data={"password": PASSWORD})
    assert page.status_code == 200, page.text
    return re.search(r'href="(https://[^"]+)"', page.text)[1].replace("&amp;", "&")


@pytest.fixture
def owner(browser, made, person, account, enter):
    """The browser of somebody who linked their sign-in at the provider."""
    enter(person)
    back = made.sign_in(begin_link(browser))
    assert browser.get(back).location == LIST
    return browser


@pytest.fixture
def stranger(app, made):
    found = app.test_client()
    found.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return found


def start(browser, **query):
    answer = browser.get(START, query_string=query)
    assert answer.status_code == 303
    return answer.location


def is_in(browser):
    return browser.get("/account").status_code == 200


def told(session):
    return sorted(session.scalars(select(Message.kind).where(Message.kind.like("link%"))))


def test_a_linked_sign_in_opens_the_account_and_its_owner_is_told(owner, stranger, made, person):
    assert "Linked" in owner.get(LIST).text
    back = made.sign_in(start(stranger, next="/record"))

    assert stranger.get(back).location == "/record"

    assert person.name in stranger.get("/account").text


def test_what_is_linked_and_used_and_unlinked_is_told(owner, stranger, made, session):
    stranger.get(made.sign_in(start(stranger)))
    (number,) = re.findall(rf"{LIST}/(\d+)/remove", owner.get(LIST).text)
    assert (
        "does not open your account any more"
        in owner.post(f"{LIST}/{number}/remove", follow_redirects=True).text
    )
    assert told(session) == ["link_added", "link_removed", "link_used"]
    again = stranger.get(made.sign_in(start(stranger)), follow_redirects=True)
    assert "opens no account here yet" in again.text
    assert owner.post(f"{LIST}/{number}/remove").status_code == 404


def test_nobody_is_linked_by_a_name_or_without_the_password(browser, made, person, account, enter):
    made.claims = {"name": person.name, "email": "wang@example.org"}
    back = made.sign_in(start(browser))
    assert "opens no account here yet" in browser.get(back, follow_redirects=True).text
    assert not is_in(browser)
    enter(person)
    wrong = browser.post(LIST, data={"password": "wrong"})
    assert (wrong.status_code, "not your current password" in wrong.text) == (422, True)
    assert "id.example.org" not in wrong.text


@pytest.mark.parametrize(
    "other", ["another browser", "no attempt", "another state", "twice", "late"]
)
def test_what_comes_back_is_good_for_the_attempt_alone(owner, stranger, made, app, clock, other):
    back = made.sign_in(start(stranger))
    if other == "twice":
        stranger.get(back)
        stranger.post("/sign-out")
        assert made.codes == {}
    elif other == "another browser":
        stranger = app.test_client()
        start(stranger)
    elif other == "no attempt":
        stranger = app.test_client()
    elif other == "another state":
        back = re.sub("state=.{4}", "state=AAAA", back)
    else:
        clock.shift(timedelta(minutes=10))
    asked = len(made.asked)
    assert stranger.get(back).location == "/sign-in"
    # Nothing was even asked of the provider.
    assert len(made.asked) == asked
    assert not is_in(stranger)


FALSE = [
    {"nonce": "another"}, {"nonce": None}, {"nonce": ["x"]}, {"aud": "another"}, {"aud": None},
    {"azp": "another"}, {"iss": "https://id.example.com"}, {"iss": None},
    {"exp": int(NOW.timestamp()) - 61}, {"exp": None}, {"sub": ""}, {"sub": None},
    {"sub": "x" * 256}, {"sub": 7},
]  # fmt: skip


def test_only_what_the_provider_signed_for_this_attempt_is_believed(owner, stranger, made):
    def is_refused():
        return (
            "does not work just now"
            in stranger.get(made.sign_in(start(stranger)), follow_redirects=True).text
        )

    for made.claims in FALSE:
        assert is_refused(), made.claims
    made.claims, right = {}, (made.key, made.header)
    made.header = {"alg": "none"}
    assert is_refused()
    made.key, made.header = ECKey.generate_key("P-256", {"kid": "1"}), right[1]
    assert is_refused()
    # Signed with what both know, as if it were a key of the provider's.
    made.key, made.header = OctKey.import_key(made.secret.ljust(32)), {"alg": "HS256"}
    assert is_refused()
    assert not is_in(stranger)
    made.key, made.header = right
    assert not is_refused()
    # A name may be as long as OpenID Connect lets it be.
    made.claims = {"sub": "x" * 255}
    assert not is_refused()


def test_new_keys_of_the_provider_are_asked_for(owner, stranger, made):
    made.key = made.published = ECKey.generate_key("P-256", {"kid": "2"})
    made.header = {"alg": "ES256", "kid": "2"}
    assert stranger.get(made.sign_in(start(stranger))).status_code == 303
    assert is_in(stranger)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://id.example.com"}, {"authorization_endpoint": "http://id.example.org"},
        {"authorization_endpoint": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_provider_that_describes_another_is_not_gone_to(stranger, made, described):
    made.described = described
    assert start(stranger) == "/sign-in"


def test_a_silent_provider_is_left_alone_for_a_moment(stranger, made, clock):
    made.is_silent = ProviderSilent("no answer")
    assert [start(stranger) for _each in range(3)] == ["/sign-in"] * 3
    assert len(made.asked) == 1
    made.is_silent = False
    clock.shift(timedelta(seconds=30))
    assert start(stranger).startswith(f"{ISSUER}/authorize?")


def test_a_sign_in_opens_one_account_and_of_a_provider_one(app, session, owner, made, account):
    other = factories.make_account(session, factories.make_person(session))
    for who, subject in ((other, made.subject), (account, "another")):
        with pytest.raises(LinkRefused):
            link(session, who, ISSUER, subject, at=NOW)
    # Of the name at the provider there is a digest: some call people by their ID number.
    kept = session.execute(text("SELECT subject_digest FROM linked_sign_in")).scalar_one()
    assert made.subject not in kept


def test_a_link_is_made_by_the_sign_in_that_began_it(app, browser, made, person, account, enter):
    """A browser in which somebody else signs in meanwhile links nothing to them."""
    enter(person)
    back = made.sign_in(begin_link(browser))
    with browser.session_transaction() as kept:
        attempt = kept["linked_attempt"]
    enter(person)
    with browser.session_transaction() as kept:
        kept["linked_attempt"] = attempt
    assert browser.get(back).status_code == 404
    assert "No other sign-in opens" in browser.get(LIST).text


def test_a_link_is_no_second_factor_and_follows_what_becomes_of_the_account(
    owner, stranger, made, session, person, account
):
    appoint(session, person, Function.REVIEW)
    session.commit()
    stranger.get(made.sign_in(start(stranger)))
    assert "/second-factor" in stranger.get("/desk").location

    other = factories.make_person(session, name=person.name)
    join_accounts(session, person.id, other.id, at=NOW)
    session.commit()
    assert stranger.get(made.sign_in(start(stranger))).status_code == 303
    assert is_in(stranger)
    forget_links(session, session.scalars(select(LinkedSignIn.account_id)).one())
    session.commit()
    again = stranger.get(made.sign_in(start(stranger)), follow_redirects=True)
    assert "opens no account" in again.text


def test_the_dead_sign_in_nowhere(owner, stranger, made, session, person):
    person.died_on = NOW.date()
    session.commit()
    assert stranger.get(made.sign_in(start(stranger))).status_code == 403
    assert not is_in(stranger)


def test_who_comes_back_without_having_signed_in_there_is_where_they_began(
    browser, made, stranger, person, account, enter
):
    state = re.search("state=([^&]+)", start(stranger))[1]
    assert stranger.get(BACK, query_string={"state": state}).location == "/sign-in"
    enter(person)
    state = re.search("state=([^&]+)", begin_link(browser))[1]
    assert browser.get(BACK, query_string={"state": state}).location == LIST
    assert not made.asked or "No other sign-in opens" in browser.get(LIST).text


def test_a_line_of_many_failures_is_paused(browser, made, monkeypatch):
    monkeypatch.setattr(views, "PER_ADDRESS", replace(PER_ADDRESS, tries=2))
    made.claims = {"nonce": "another"}
    for _try in range(2):
        browser.get(made.sign_in(start(browser)))
    asked = len(made.asked)
    assert browser.get(made.sign_in(start(browser))).location == "/sign-in"
    assert "Too many failed attempts" in browser.get("/sign-in").text
    # Nothing more was asked of the provider.
    assert len(made.asked) == asked


def test_wrong_passwords_pause_the_linking(browser, made, person, account, enter):
    enter(person)
    assert browser.post(LIST, data={"password": ""}).status_code == 422
    for _try in range(5):
        assert browser.post(LIST, data={"password": "wrong"}).status_code == 422
    assert browser.post(LIST, data={"password": PASSWORD}).status_code == 429


def test_staff_prove_their_second_factor_before_they_link(
    app, browser, made, session, person, account, enter
):
    appoint(session, person, Function.REVIEW)
    enter(person)
    assert "https://" in begin_link(browser)
    give_factor(session, account, key=app.config["SECRET_KEY"], at=NOW)
    session.commit()

    assert "/second-factor/prove" in browser.post(LIST, data={"password": PASSWORD}).location


def test_who_signed_out_meanwhile_links_nothing(browser, made, person, account, enter):
    enter(person)
    back = made.sign_in(begin_link(browser))
    with browser.session_transaction() as kept:
        attempt = kept["linked_attempt"]
    browser.post("/sign-out")
    with browser.session_transaction() as kept:
        kept["linked_attempt"] = attempt

    assert browser.get(back).status_code == 404


def test_an_office_without_a_provider_has_no_such_sign_in(app, browser, person, account, enter):
    app.extensions[PROVIDER] = None
    enter(person)
    for address in (START, BACK):
        assert browser.get(address).status_code == 404
    assert browser.post(LIST, data={"password": PASSWORD}).status_code == 404
    assert "Linked sign-in" not in browser.get("/account").text


def test_only_an_address_of_https_is_asked():
    for address in ("http://127.0.0.1/", "file:///etc/passwd", "https://"):
        with pytest.raises(ProviderFault):
            fetch_json("GET", address, {}, None)
