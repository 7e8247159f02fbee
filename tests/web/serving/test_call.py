"""A request as a WSGI application gets it: what the network said, and nothing a visitor may forge."""

import io

import pytest

from siweb.web.serving.call import environ_of
from tests.web.serving.conftest import Visit


def environ(*headers, path="/", length=None):
    return environ_of(Visit(path=path, headers=headers).scope, io.BytesIO(), length)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/record/2026", "/record/2026"),
        ("/%E4%BD%A0", "\xe4\xbd\xa0"),
        ("/%ed%a0%80", "\xed\xa0\x80"),
        ("/%00%0a", "\x00\n"),
        ("/a%2Fb?c", "/a/b"),
    ],
)
def test_a_path_comes_as_its_bytes(path, found):
    assert environ(path=path)["PATH_INFO"].removeprefix("/") == found.removeprefix("/")


def test_headers_come_under_their_names():
    found = environ((b"accept-language", b"zh"), (b"content-type", b"text/plain"))

    assert found["HTTP_ACCEPT_LANGUAGE"] == "zh"
    assert found["CONTENT_TYPE"] == "text/plain"
    assert found["REMOTE_ADDR"] == "192.0.2.7"


def test_several_cookies_are_one_header():
    found = environ((b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y"))

    assert found["HTTP_COOKIE"] == "a=1; b=2"
    assert found["HTTP_ACCEPT"] == "x,y"


def test_a_header_with_an_underscore_is_nobodys():
    assert "HTTP_X_FORWARDED_FOR" not in environ((b"x_forwarded_for", b"192.0.2.1"))


@pytest.mark.parametrize(("length", "found"), [(None, None), (0, "0"), (12, "12")])
def test_the_length_is_that_of_what_came(length, found):
    headers = [(b"content-length", b"99"), (b"transfer-encoding", b"chunked")]

    given = environ(*headers, length=length)

    assert given.get("CONTENT_LENGTH") == found
    assert "HTTP_TRANSFER_ENCODING" not in given
