"""Every answer carries the policy; what is about a person is kept nowhere."""

import dataclasses

import pytest

from siweb.app import create_app

PAGES = ["/", "/sign-in", "/city-services", "/guides/", "/no-such-page", "/broken/x", "/healthz"]


def policy(response):
    parts = response.headers["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_the_strict_policy(visitor, address):
    found = policy(visitor.get(address))

    assert found["default-src"] == found["base-uri"] == found["frame-ancestors"] == "'none'"
    assert found["script-src"] == found["style-src"] == found["form-action"] == "'self'"
    assert "unsafe" not in str(found)


@pytest.mark.parametrize("address", PAGES)
def test_no_page_is_kept_by_a_cache(visitor, address):
    headers = visitor.get(address).headers

    assert headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "Cookie"} <= {part.strip() for part in headers["Vary"].split(",")}


@pytest.mark.parametrize("address", PAGES)
def test_a_browser_is_told_to_guess_and_tell_nothing(visitor, address):
    headers = visitor.get(address).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_over_https_the_browser_stays_there(settings):
    secure = create_app(dataclasses.replace(settings, https=True)).test_client()

    response = secure.get("/preferences/type-size/large", base_url="https://localhost")

    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
    assert "Secure" in response.headers["Set-Cookie"]


def test_over_http_nothing_is_promised(visitor):
    assert "Strict-Transport-Security" not in visitor.get("/").headers
