"""What is believed of a provider's answers, and how often it is asked."""

from datetime import timedelta

import pytest

from siweb.auth.credentials.linked.fetch import ProviderFault, ProviderSilent
from siweb.auth.credentials.linked.provider import Attempt, Provider
from tests.conftest import NOW

ISSUER, CLIENT = "https://id.example", "office"
DESCRIBED = f"{ISSUER}/.well-known/openid-configuration"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
ATTEMPT = Attempt("state", "nonce", "verifier")
BACK = "https://office.example/back"


class Asked:
    """A provider that answers with what it is told to, and notes what it was asked."""

    def __init__(self, **described):
        self.described = {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/go",
            "token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/keys",
        } | described  # fmt: skip
        self.addresses, self.is_silent, self.answer = [], False, {}

    def __call__(self, _method, address, _headers, _body):
        self.addresses.append(address)
        if self.is_silent:
            raise ProviderSilent("nothing")
        return self.described if address == DESCRIBED else self.answer


def made(asked):
    return Provider(ISSUER, CLIENT, "secret", "名", fetch=asked)


def test_addresses_are_kept_for_an_hour():
    asked = Asked()
    provider = made(asked)

    for later, times in ((0 * HOUR, 1), (HOUR - SECOND, 1), (HOUR, 2), (2 * HOUR - SECOND, 2)):
        provider.way_there(ATTEMPT, BACK, at=NOW + later)
        assert asked.addresses == [DESCRIBED] * times


def test_a_silent_provider_is_left_alone_for_half_a_minute():
    asked = Asked()
    provider, asked.is_silent = made(asked), True

    for later, times in ((0, 1), (1, 1), (29, 1), (30, 2), (59, 2), (60, 3)):
        with pytest.raises(ProviderFault):
            provider.way_there(ATTEMPT, BACK, at=NOW + later * SECOND)
        assert len(asked.addresses) == times
    asked.is_silent = False
    assert provider.way_there(ATTEMPT, BACK, at=NOW + 90 * SECOND).startswith(f"{ISSUER}/go?")


@pytest.mark.parametrize(
    ("endpoint", "way"),
    [(f"{ISSUER}/go", f"{ISSUER}/go?response"), (f"{ISSUER}/go?a=1", f"{ISSUER}/go?a=1&response")],
)
def test_the_way_there_keeps_what_its_address_asks_already(endpoint, way):
    found = made(Asked(authorization_endpoint=endpoint)).way_there(ATTEMPT, BACK, at=NOW)

    assert found.startswith(way)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"authorization_endpoint": "http://id.example/go"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": 7},
    ],
    ids=str,
)
def test_a_description_of_another_or_without_https_leads_nowhere(described):
    with pytest.raises(ProviderFault):
        made(Asked(**described)).way_there(ATTEMPT, BACK, at=NOW)


def claims(**changed):
    at = int(NOW.timestamp())
    given = {
        "iss": ISSUER, "aud": CLIENT, "exp": at + 60, "iat": at, "sub": "s" * 255,
        "nonce": ATTEMPT.nonce,
    }  # fmt: skip
    return {name: value for name, value in (given | changed).items() if value is not None}


def proved(monkeypatch, token="token", **changed):
    asked = Asked()
    asked.answer = {"id_token": token}
    monkeypatch.setattr(Provider, "_signed", lambda _self, _token, _at: claims(**changed))
    return made(asked).subject(ATTEMPT, "code", BACK, at=NOW)


@pytest.mark.parametrize("changed", [{}, {"azp": CLIENT}, {"sub": "x"}])
def test_what_is_signed_for_this_attempt_is_believed(monkeypatch, changed):
    assert proved(monkeypatch, **changed) == changed.get("sub", "s" * 255)


@pytest.mark.parametrize(
    "changed",
    [
        *({name: None} for name in ("iss", "aud", "exp", "iat", "sub", "nonce")),
        {"iss": "https://other.example"},
        {"aud": "another"},
        {"exp": int(NOW.timestamp()) - 61},
        {"nonce": "another"},
        {"nonce": 7},
        {"azp": "another"},
        {"sub": ""},
        {"sub": 7},
        {"sub": ["s"]},
        {"sub": "s" * 256},
    ],
    ids=str,
)
def test_what_is_not_for_us_or_names_nobody_is_not(monkeypatch, changed):
    with pytest.raises(ProviderFault):
        proved(monkeypatch, **changed)


@pytest.mark.parametrize("token", [None, 7, ["token"]])
def test_without_a_token_nobody_is_named(monkeypatch, token):
    with pytest.raises(ProviderFault, match="no ID token"):
        proved(monkeypatch, token)
