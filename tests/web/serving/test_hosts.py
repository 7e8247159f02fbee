"""The office goes by its own name: a stranger's host opens nothing and is printed nowhere."""

from dataclasses import replace

import pytest
from flask import session

from siweb.app import create_app
from siweb.settings import SettingError, Settings
from siweb.web.addresses import public_address

PUBLIC = "https://office.example.org"


@pytest.fixture
def public_office(build_office, settings):
    return build_office(replace(settings, public_url=f"{PUBLIC}/", hosts="intranet.example, old"))


@pytest.mark.parametrize(
    "host",
    [
        "office.example.org",
        "office.example.org:8443",
        "intranet.example",
        "old:80",
        "localhost",
        "127.0.0.1:8000",
    ],
)
def test_its_own_names_are_answered_on_any_port(public_office, host):
    assert public_office.test_client().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "office.example.org.evil.example", "xoffice.example.org", "a b", "["]
)
@pytest.mark.parametrize("path", ["/", "/no-such-page", "/api/v1/filings", "/verify/ABC"])
def test_any_other_is_refused(public_office, host, path):
    found = public_office.test_client().get(path, headers={"Host": host})

    assert found.status_code == 400
    assert "evil" not in found.text


def test_papers_carry_the_public_address_whatever_the_request_says(public_office):
    with public_office.test_request_context("/", headers={"Host": "localhost:9"}):
        assert public_address("/verify") == f"{PUBLIC}/verify"


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("127.0.0.1", 8000, "http://127.0.0.1:8000"),
        ("0.0.0.0", 8001, "http://localhost:8001"),
        ("::", 8001, "http://localhost:8001"),
        ("::1", 8000, "http://[::1]:8000"),
    ],
)
def test_a_demonstration_goes_by_where_it_listens(host, port, address):
    assert Settings(host=host, port=port).public_address == address


@pytest.mark.parametrize("typed", ["office.example.org", "ftp://office.example.org", "https://"])
def test_a_public_address_that_is_none_is_refused(typed):
    with pytest.raises(SettingError, match="SIWEB_PUBLIC_URL must be an address such as"):
        Settings.load({"SIWEB_PUBLIC_URL": typed})


def test_a_form_over_https_needs_no_referer(settings):
    office = create_app(replace(settings, public_url=PUBLIC, https=True))
    browser = office.test_client()
    browser.get("/sign-in", base_url=PUBLIC)
    with browser.session_transaction(base_url=PUBLIC) as kept:
        token = office.jinja_env.globals["csrf_token"]
        with office.test_request_context():
            session["csrf_token"] = kept["csrf_token"]
            signed = token()

    found = browser.post(
        "/sign-in",
        base_url=PUBLIC,
        data={"id_number": "x", "password": "x", "csrf_token": signed},
        headers={"Accept-Language": "en"},
    )

    assert found.status_code == 422
