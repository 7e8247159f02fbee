"""The cookie is opened once for many pages, and is worth no more for it."""

from datetime import UTC, datetime

import time_machine

from siweb.web.cookie import CookieInterface

NAME = "siweb"


def cookie_of(office, **values):
    return office.session_interface.get_signing_serializer(office).dumps(values)


def opened(office, cookie):
    request = office.request_class({"HTTP_COOKIE": f"{NAME}={cookie}"})
    return office.session_interface.open_session(office, request)


def test_a_cookie_carries_what_was_put_into_it(office):
    assert dict(opened(office, cookie_of(office, recent_cities=["310000"]))) == {
        "recent_cities": ["310000"]
    }


def test_a_forged_cookie_carries_nothing_however_often_it_comes(office):
    signed = cookie_of(office, _user_id="somebody")
    # In the midst of the signature: its last letters have bits that say nothing.
    forged = signed[:-10] + ("B" if signed[-10] == "A" else "A") + signed[-9:]

    assert [dict(opened(office, forged)) for _ in range(2)] == [{}, {}]


def test_a_cookie_grows_too_old_although_it_was_opened_before(office):
    cookie = cookie_of(office, _user_id="somebody")
    assert opened(office, cookie)

    with time_machine.travel(datetime.now(UTC) + office.permanent_session_lifetime * 2):
        assert not opened(office, cookie)


def test_what_one_request_changes_is_not_seen_by_the_next(office):
    cookie = cookie_of(office, recent_cities=["310000"])

    opened(office, cookie)["recent_cities"].append("330100")

    assert opened(office, cookie)["recent_cities"] == ["310000"]


def test_the_same_token_of_a_form_is_good_on_the_next_page(office):
    client = office.test_client()
    client.get("/sign-in")
    with client.session_transaction() as kept:
        token = kept["csrf_token"]

    client.get("/sign-in")

    with client.session_transaction() as kept:
        assert kept["csrf_token"] == token
    assert isinstance(office.session_interface, CookieInterface)
