"""What an address may hold: numbers that a row can have, text that can be seen, places of ours."""

from urllib.parse import parse_qsl

import pytest
from flask import Blueprint
from sqlalchemy import text

from siweb.web.addresses import LARGEST
from siweb.web.paging import (
    LAST_PAGE,
    number_asked,
    number_sent,
    page_asked,
    page_link,
    search_asked,
)
from siweb.web.views import local_path

NINES = "9" * 24


PLAIN = Blueprint("plain", __name__)
PLAIN.add_url_rule("/numbers/<int:object>", "number", str)
PLAIN.add_url_rule("/names/<name>", "name", lambda name: name)


@PLAIN.route("/huge", methods=["GET", "POST"])
def huge():
    raise OverflowError("Python int too large to convert to SQLite INTEGER")


@pytest.fixture
def browser(build_office, settings):
    return build_office(settings, PLAIN).test_client()


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("0", 200),
        (str(LARGEST), 200),
        (str(LARGEST + 1), 404),
        ("9223372036854775808", 404),
        (NINES, 404),
        ("9" * 5_000, 404),
        ("-1", 404),
        ("1.0", 404),
        ("1%0a", 404),
        ("%D9%A1", 404),  # an Arabic digit, which Python's int() reads
        ("", 404),
    ],
)
def test_a_number_in_an_address_is_one_that_a_row_can_have(browser, typed, status):
    assert browser.get(f"/numbers/{typed}").status_code == status


@pytest.mark.parametrize(
    ("typed", "status"),
    [("a", 200), ("%E5%BC%A0", 200), ("a%20b", 200), ("%00", 404), ("a%0ab", 404), ("%7f", 404)],
)
def test_a_name_in_an_address_has_no_control_characters(browser, typed, status):
    assert browser.get(f"/names/{typed}").status_code == status


def test_a_number_that_no_database_holds_is_nowhere(browser):
    assert browser.get("/huge").status_code == 404


def test_a_form_with_such_a_number_is_our_fault(browser):
    assert browser.post("/huge").status_code == 500


@pytest.mark.parametrize("path", ["/", "/foo", "/foo?x=%20&y=1", "/record/2026#here"])
def test_a_place_of_ours_is_gone_back_to(path):
    assert local_path(path, "/home") == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "foo",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/foo\r\nSet-Cookie:x=1",
        "/foo\x00",
        "/foo\x7f",
        "/foo\x85",
        "/foo\u2028",
        "/foo\ud800",
        "http://[",
        " /foo",
    ],
)
def test_any_other_place_is_not(path):
    assert local_path(path, "/home") == "/home"


@pytest.mark.parametrize("choice", ["language/en", "type-size/large"])
def test_a_line_break_in_the_way_back_leads_home(browser, choice):
    found = browser.get(f"/preferences/{choice}?next=/foo%0d%0aSet-Cookie:x=1")

    assert found.status_code == 303
    assert found.location == "/"
    assert "x=1" not in str(found.headers)


def test_a_page_number_beyond_every_list_is_no_failure(client, session):
    session.execute(text("SELECT 1"))

    for typed in (NINES, "9223372036854775808", "-1", "0", "x", "1%0a", "%00"):
        assert client.get(f"/city-services?page={typed}").status_code < 500


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("", 1),
        ("1", 1),
        ("0", 1),
        ("-1", 1),
        ("2", 2),
        ("9999999", LAST_PAGE),
        ("1000000", LAST_PAGE),
        ("999999", 999_999),
        (NINES, LAST_PAGE),
        ("٣", 1),
        ("1.5", 1),
    ],
)
def test_a_list_has_a_page_for_whatever_is_asked(office, typed, page):
    with office.test_request_context(query_string={"page": typed}):
        assert page_asked() == page


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0),
        (str(LARGEST), LARGEST),
        (str(LARGEST + 1), None),
        (NINES, None),
        ("", None),
        ("-1", None),
        ("٣", None),
    ],
)
def test_a_row_that_is_asked_for_is_one_that_can_be(office, typed, number):
    with office.test_request_context(query_string={"employment": typed}):
        assert number_asked("employment") == number


@pytest.mark.parametrize(
    ("typed", "search"),
    [
        ("  欧阳\u200b示范 ", "欧阳示范"),
        ("a\u3000 b", "a b"),
        ("x" * 101, "x" * 100),
        ("\u202e", ""),
        ("", ""),
    ],
)
def test_a_search_is_what_was_meant(office, typed, search):
    with office.test_request_context(query_string={"q": typed}):
        assert search_asked() == search


def test_a_link_to_another_page_keeps_the_filters_and_no_token(office):
    with office.test_request_context("/city-services?state=open&page=3&csrf_token=x"):
        link = page_link(4)

    assert link == "/city-services?state=open&page=4"


@pytest.mark.parametrize(
    "query",
    [
        "endpoint=auth.show_account",
        "_method=POST&_external=1&_scheme=ftp&_anchor=x",
        "uscc=91310000MA1FL0000X",
        "filename=secret&values=1&self=2",
        "q=%ED%A0%80&state=a&state=b",
        "csrf_token=x",
    ],
)
def test_a_link_to_another_page_leads_to_the_same_list_whatever_the_query_names(office, query):
    """Given to `url_for`, these would be its arguments; as text of the query they are text."""
    with office.test_request_context(f"/city-services?{query}&page=3"):
        link = page_link(4)

    path, _, kept = link.partition("?")
    assert path == "/city-services"
    names = [name for name, _value in parse_qsl(query, errors="replace") if name != "csrf_token"]
    assert [name for name, _value in parse_qsl(kept)] == [*names, "page"]
    assert kept.endswith("page=4")


@pytest.mark.parametrize(
    ("typed", "number"), [("0", 0), (str(LARGEST), LARGEST), (NINES, None), ("1\n", None)]
)
def test_a_row_that_a_form_names_is_one_that_can_be(office, typed, number):
    with office.test_request_context(method="POST", data={"only": typed}):
        assert number_sent("only") == number
