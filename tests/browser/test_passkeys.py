"""Passkeys in a browser: its authenticator answers the page's one script."""

from dataclasses import replace

import pytest

from tests.browser.walk import Visitor

EMPLOYEE = "Employee (all correct)"
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def address(office, live_server):
    """The office by its name: browsers take no passkey for an address that is a number."""
    named = live_server.replace("127.0.0.1", "localhost")
    settings = office.extensions["siweb_settings"]
    office.extensions["siweb_settings"] = replace(settings, public_url=named)
    return named


def give_device(page):
    """Give the page's browser an authenticator that its owner unlocks."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    added = devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return devices, added["authenticatorId"]


def test_a_passkey_is_added_by_the_device_and_signs_in(new_page, address, sign_ins):
    page = new_page(locale="en-GB")
    devices, device = give_device(page)
    page.goto(f"{address}/sign-in")
    Visitor(page, has_scripts=True).sign_in(sign_ins[EMPLOYEE])
    page.goto(f"{address}/account/passkeys/add")
    assert not page.get_by_text("This browser cannot add a passkey").is_visible()
    page.get_by_label("Name of this passkey").fill("My phone")
    page.get_by_label("Your password").fill(sign_ins[EMPLOYEE]["password"])
    page.get_by_role("button", name="Go on to the device").click()
    page.get_by_role("heading", name="My phone").wait_for()
    page.goto(f"{address}/account")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{address}/sign-in/passkey")

    devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Go on to the device").click()
    page.get_by_text("Nothing was changed: try once more").wait_for()
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.get_by_role("button", name="Go on to the device").click()

    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/account")
    assert page.get_by_role("heading", name="My account").is_visible()


def test_without_a_script_the_page_says_what_to_do_instead(new_page, address):
    page = new_page(javascript=False, locale="en-GB")
    page.goto(f"{address}/sign-in/passkey")
    assert page.get_by_text("Sign in with your password").is_visible()
    assert page.get_by_role("button", name="Go on to the device").count() == 0
    page.get_by_role("link", name="Sign in with ID number and password").click()
    page.get_by_label("Password").wait_for()
