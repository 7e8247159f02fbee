"""The door of the office on a phone: it fits, says who it is, and keeps to its own site."""

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_the_first_page_fits_a_phone_and_asks_nobody_else(new_page, live_server, javascript):
    page = new_page(javascript=javascript)
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/")

    width = page.locator("html").bounding_box()["width"]
    assert page.locator("main").bounding_box()["width"] <= width <= 360
    assert all(address.startswith((live_server, "data:")) for address in asked)


def test_the_language_is_changed_without_losing_the_place(page):
    page.goto("/city-services")
    page.get_by_role("link", name="English").click()

    assert page.url.endswith("/city-services")
    assert page.locator("html").get_attribute("lang") == "en"


def test_large_text_is_one_tap_and_stays(page):
    page.goto("/")
    before = page.locator("h1").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    page.get_by_role("link", name="大字版").click()
    page.goto("/guides/")

    after = page.locator("h1").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert after > before


def test_enlarged_four_times_nothing_is_cut_off(page):
    """A screen of 1280 pixels is one of 320 then."""
    page.set_viewport_size({"width": 320, "height": 256})

    for address in ("/", "/privacy", "/accessibility", "/contact", "/v"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_the_first_press_of_tab_offers_the_content(page):
    page.goto("/accessibility")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
