"""Pieces that are drawn once: what differs from visitor to visitor is filled in, and escaped."""

import pytest
from jinja2 import ChoiceLoader, DictLoader

PIECE = "{% if loud %}<b>{% endif %}<a href='/x?next={{ here }}'>{{ name }}</a>"


@pytest.fixture
def drawn(office, monkeypatch):
    both = ChoiceLoader([DictLoader({"piece.html": PIECE}), office.jinja_env.loader])
    monkeypatch.setattr(office.jinja_env, "loader", both)
    with office.test_request_context("/"):
        yield office.jinja_env.globals["drawn"]


def test_places_differ_and_are_escaped(drawn):
    first = drawn("piece.html", {"loud": False}, here="/a", name="甲")
    second = drawn("piece.html", {"loud": False}, here="/b", name="<script>")

    assert first == "<a href='/x?next=/a'>甲</a>"
    assert second == "<a href='/x?next=/b'>&lt;script&gt;</a>"


def test_what_is_given_makes_another_piece(drawn):
    assert drawn("piece.html", {"loud": True}, here="", name="x").startswith("<b>")
    assert not drawn("piece.html", {"loud": False}, here="", name="x").startswith("<b>")


def test_each_language_has_its_own(office):
    browser = office.test_client()

    chinese, english = (
        browser.get("/guides/", headers={"Accept-Language": language}).text
        for language in ("zh-CN", "en")
    )

    assert "登录" in chinese
    assert "Sign in" in english
