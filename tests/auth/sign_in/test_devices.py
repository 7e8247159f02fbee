"""What is kept of a browser and of where it is: enough to recognise it, and no more."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.auth.credentials.account import create_account
from siweb.auth.credentials.keyed_hash import network_of
from siweb.auth.sign_in.browser import DEVICE_COOKIE
from siweb.auth.sign_in.sessions import is_own_device
from siweb.auth.tables.sign_in_session import EndReason, SignInSession
from tests import factories
from tests.auth.conftest import PASSWORD
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        # A household has a /64 at least and is often given a /56; a provider has a /32.
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_of_an_address_the_network_is_kept(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.9", "203.0.113.0/24"), ("2001:db8:1:2::6", "2001:db8:1::/48")],
)
def test_whoever_looks_at_the_sign_ins_reads_from_where(
    browser, enter, account, person, address, network
):
    enter(person, environ_base={"REMOTE_ADDR": address})

    assert f"from network {network}" in browser.get("/account/sign-ins").text


@pytest.mark.parametrize("is_https", [False, True])
def test_no_script_reads_the_token_of_a_device(app, enter, account, person, is_https):
    app.config["HTTPS"] = is_https

    answer = enter(person)

    (cookie,) = [
        header
        for header in answer.headers.getlist("Set-Cookie")
        if header.startswith(f"{DEVICE_COOKIE}=")
    ]
    said = set(cookie.split("; ")[1:])
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=31536000"} <= said
    assert ("Secure" in said) is is_https


def test_a_browser_keeps_its_token_from_sign_in_to_sign_in(
    session, app, browser, enter, account, person
):
    for _time in range(2):
        enter(person)
        browser.post("/sign-out")
    enter(person, by=app.test_client())

    devices = session.scalars(select(SignInSession.device_hash).order_by(SignInSession.id)).all()
    assert devices[0] == devices[1] != devices[2]


@pytest.mark.parametrize(("seconds", "is_noted"), [(60, False), (61, True)])
def test_a_sign_of_life_is_noted_once_a_minute(
    session, clock, browser, enter, account, person, seconds, is_noted
):
    enter(person)
    later = NOW + timedelta(seconds=seconds)
    clock.move_to(later)
    browser.get("/account")

    noted = session.scalars(select(SignInSession.last_seen_at)).one()
    assert noted == (later if is_noted else NOW)


def test_of_several_sign_ins_one_alone_can_be_ended(session, app, browser, enter, account, person):
    others = [app.test_client(), app.test_client()]
    for each in (browser, *others):
        enter(person, by=each)
    _own, second, _third = session.scalars(select(SignInSession.id).order_by(SignInSession.id))

    browser.post("/account/sign-ins/end", data={"only": str(second)})

    assert [each.get("/account").status_code for each in (browser, *others)] == [200, 303, 200]
    ended = session.execute(
        select(SignInSession.id, SignInSession.end_reason, SignInSession.ended_at).where(
            SignInSession.ended_at.is_not(None)
        )
    ).all()
    assert ended == [(second, EndReason.REVOKED, NOW)]


def test_a_browser_is_the_own_one_of_who_signed_in_from_it_alone(
    session, browser, enter, account, person
):
    other = create_account(session, factories.make_person(session).id, PASSWORD, at=NOW)
    session.commit()
    enter(person)
    token = browser.get_cookie(DEVICE_COOKIE).value

    assert is_own_device(session, account.id, token)
    assert not is_own_device(session, other.id, token)
    assert not is_own_device(session, account.id, "another")
    assert not is_own_device(session, account.id, "")
