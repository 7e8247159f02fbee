"""What a provider answers over the line: an object of JSON, or a fault that says which."""

import http.client
import json

import pytest

from siweb.auth.credentials.linked import fetch
from siweb.auth.credentials.linked.fetch import ProviderFault, ProviderSilent, fetch_json


class Line:
    """What stands in for the network: it keeps what was asked, and answers what a test says."""

    def __init__(self, status=200, content=b"{}", fails=None):
        self.status, self.content, self.fails, self.asked, self.is_closed = (
            status, content, fails, [], False,
        )  # fmt: skip

    def __call__(self, *where, **how):
        self.asked.append(where)
        return self

    def request(self, *what):
        if self.fails:
            raise self.fails
        self.asked.append(what)

    def getresponse(self):
        return self

    def read(self, most):
        return self.content[:most]

    def close(self):
        self.is_closed = True


@pytest.fixture
def line(monkeypatch):
    def line(**values):
        made = Line(**values)
        monkeypatch.setattr(http.client, "HTTPSConnection", made)
        return made

    return line


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://id.example.org:8443/a?b=c", "/a?b=c"), ("https://id.example.org:8443", "/"),
        ("https://id.example.org:8443/a", "/a"),
    ],
)  # fmt: skip
def test_a_provider_is_asked_at_its_address(line, address, target):
    asked = line(content=b'{"a": 1}')

    assert fetch_json("GET", address, {"X": "y"}, None) == {"a": 1}
    assert asked.asked == [
        ("id.example.org", 8443), ("GET", target, None, {"Accept": "application/json", "X": "y"}),
    ]  # fmt: skip
    assert asked.is_closed


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": 302}, "answers 302"),
        ({"content": b"<p>"}, "no JSON"),
        ({"content": b"[]"}, "no object"),
        ({"content": json.dumps({"a": "x" * fetch._MOST_BYTES}).encode()}, "answers 200"),
    ],
    ids=["redirect", "page", "list", "long"],
)
def test_what_no_provider_answers_is_a_fault(line, values, words):
    asked = line(**values)
    with pytest.raises(ProviderFault, match=words) as fault:
        fetch_json("GET", "https://id.example.org/", {}, None)
    assert not isinstance(fault.value, ProviderSilent)
    assert asked.is_closed


def test_the_longest_answer_is_read_and_silence_is_told_from_a_fault(line):
    space = b" " * (fetch._MOST_BYTES - 2)
    line(content=b"{}" + space)
    assert fetch_json("GET", "https://id.example.org/", {}, None) == {}
    for fails in (OSError("down"), http.client.BadStatusLine("?")):
        asked = line(fails=fails)
        with pytest.raises(ProviderSilent):
            fetch_json("GET", "https://id.example.org/", {}, None)
        assert asked.is_closed
