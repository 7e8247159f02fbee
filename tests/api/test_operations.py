"""What a program gives with each call: parameters, where they stand, which must be there, the body."""

import pytest

from siweb.filings.api.operations import openapi

JSON, PDF, FILE = "application/json", "application/pdf", "application/octet-stream"
ONE, PAGE, KEY = "reference@path", "page?@query", "Idempotency-Key@header"
# Parameters (those with a question mark may be left out), status and type of the answer, the body.
CALLS = {
    "post /filings": ([KEY], "201", JSON, JSON),
    "get /filings": ([PAGE], "200", JSON, None),
    # What a list answers for all its rows stands between these.
    "post /filings/file": (["kind@query", "sheet?@query", KEY], "202", JSON, FILE),
    "get /filings/{reference}": ([ONE], "200", JSON, None),
    "get /filings/{reference}/rows": ([ONE, PAGE], "200", JSON, None),
    "put /filings/{reference}/rows/{position}": (
        [ONE, "position@path", KEY], "200", JSON, JSON
    ),
    "post /filings/{reference}/check": ([ONE, KEY], "200", JSON, None),
    "get /filings/{reference}/totals": ([ONE], "200", JSON, None),
    "post /filings/{reference}/confirm": ([ONE, KEY], "200", JSON, None),
    "post /filings/{reference}/withdraw": ([ONE, KEY], "200", JSON, JSON),
    "post /filings/{reference}/delete": ([ONE, KEY], "200", JSON, None),
    "get /filings/{reference}/receipt.pdf": ([ONE], "200", PDF, None),
    "get /roster": ([PAGE], "200", JSON, None),
    "post /lists": ([KEY], "200", JSON, JSON),
    "get /lists/{reference}": ([ONE], "200", JSON, None),
}  # fmt: skip


@pytest.fixture
def engine(sqlite_engine):
    return sqlite_engine


@pytest.fixture
def calls(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        document = openapi("https://example.org")
    assert document["security"] == [{"token": []}]
    return {
        f"{method} {path}": call
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    }


def test_each_call_takes_and_answers_what_it_says(calls):
    assert set(calls) == set(CALLS)
    for name, (parameters, status, answer, body) in CALLS.items():
        call = calls[name]
        given = [
            f"{each['name']}{'' if each['required'] else '?'}@{each['in']}"
            for each in call.get("parameters", [])
        ]
        if name == "post /filings/file":
            assert all(each.endswith("?@query") for each in given[1:-1])
            given = [given[0], *given[-2:]]
        assert given == parameters, name
        # What goes well has one status; everything else is a problem.
        assert [each for each in call["responses"] if each < "3"] == [status], name
        assert list(call["responses"][status]["content"]) == [answer], name
        taken = call.get("requestBody")
        assert (taken and list(taken["content"])) == (body and [body]), name
        assert taken is None or taken["required"] is True, name


def test_a_place_and_a_page_are_bounded(calls):
    (page,) = calls["get /filings"]["parameters"]
    assert page["schema"] == {"type": "integer", "minimum": 1, "maximum": 100_000, "default": 1}
    _one, place, key = calls["put /filings/{reference}/rows/{position}"]["parameters"]
    assert (place["schema"]["minimum"], place["schema"]["maximum"] > 100_000) == (1, True)
    assert key["schema"]["pattern"] == "^[!-~]{8,100}$"
