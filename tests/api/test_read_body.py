"""What is said of a body that a program sent: each thing that is wrong, by row and field."""

import json

import pytest

from siweb.filings.api.read_body import (
    read_filing,
    read_json,
    read_row,
    read_withdrawal,
    refuse_wrong,
    request_error,
)
from siweb.filings.api.schemas import MOST_ROWS
from siweb.filings.fields.filing_kind import FilingKind
from siweb.web.failures.problems import ApiProblem
from tests import factories

NUMBER = factories.make_id_number(serial=7103)
LEAVE = {"id_number": NUMBER, "name": "陈新", "ended_on": "2026-11-20", "stop_month": "2026-11",
         "end_reason": "resigned", "is_voluntary": "yes"}  # fmt: skip
BASE = {"id_number": NUMBER, "name": "陈新", "total_wage_fen": 12_000_000, "months": 12,
        "start_month": "2026-07"}  # fmt: skip
JSON = "application/json"


@pytest.fixture(autouse=True)
def _english(build_office, settings):
    with build_office(settings).test_request_context(headers={"Accept-Language": "en"}):
        yield


def problem(read, *args):
    """Return the refusal: its status, its code, and each error by row, field and code."""
    with pytest.raises(ApiProblem) as refused:
        read(*args)
    found = refused.value
    return found.status, found.code, [(e["row"], e["field"], e["code"]) for e in found.errors]


def filing(body, defaults=None):
    return read_filing(json.dumps(body).encode(), JSON, lambda _kind: defaults or {})


def refused(body):
    status, code, errors = problem(filing, body)
    assert (status, code) == (422, "invalid")
    return errors


def test_a_filing_is_read_with_its_defaults_and_its_average():
    kind, rows = filing({"kind": "leave", "rows": [LEAVE, LEAVE | {"name": " 李 静 "}]})
    assert (kind, rows[0], rows[1]["name"]) == (FilingKind.LEAVE, LEAVE, "李 静")
    _kind, [base] = filing({"kind": "base", "rows": [BASE]}, {"start_month": "2025-07"})
    assert (base["wage_fen"], base["start_month"]) == (1_000_000, "2026-07")
    most = {"kind": "leave", "rows": [LEAVE] * MOST_ROWS}
    assert len(filing(most)[1]) == MOST_ROWS


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ([], []),
        ("text", []),
        ({"kind": "leave", "rows": [LEAVE], "b": 1, "a": 1}, [(None, "a", "unknown")]),
        ({"rows": [LEAVE]}, [(None, "kind", "kind")]),
        ({"kind": "leaves", "rows": [LEAVE]}, [(None, "kind", "kind")]),
        ({"kind": ["leave"], "rows": [LEAVE]}, [(None, "kind", "kind")]),
        ({"kind": "leave"}, [(None, "rows", "rows")]),
        ({"kind": "leave", "rows": []}, [(None, "rows", "rows")]),
        ({"kind": "leave", "rows": {"0": LEAVE}}, [(None, "rows", "rows")]),
        ({"kind": "leave", "rows": [LEAVE] * (MOST_ROWS + 1)}, [(None, "rows", "rows")]),
    ],
    ids=lambda each: str(each)[:40],
)
def test_what_is_no_filing_is_said_before_any_row(body, errors):
    assert refused(body) == errors


def lacking(name):
    return {key: value for key, value in LEAVE.items() if key != name}


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ("text", [("", "type")]),
        (None, [("", "type")]),
        (lacking("name"), [("name", "cell_missing")]),
        (LEAVE | {"name": ""}, [("name", "cell_missing")]),
        (LEAVE | {"wages": 1, "other": 1}, [("other", "unknown")]),
        (LEAVE | {"ended_on": "2026-11-31"}, [("ended_on", "cell_day")]),
        (LEAVE | {"ended_on": "20.11.2026"}, [("ended_on", "cell_day")]),
        (LEAVE | {"stop_month": "2026-11\n"}, [("stop_month", "cell_month")]),
        (LEAVE | {"stop_month": "2026-13"}, [("stop_month", "cell_month")]),
        (LEAVE | {"end_reason": "tired"}, [("end_reason", "cell_choice")]),
        (LEAVE | {"name": "陈" * 101}, [("name", "name_too_long")]),
        (LEAVE | {"name": "123"}, [("name", "name_without_letter")]),
        (LEAVE | {"id_number": 5}, [("id_number", "id_length")]),
        (
            LEAVE | {"ended_on": "x", "stop_month": "y"},
            [("ended_on", "cell_day"), ("stop_month", "cell_month")],
        ),
    ],
    ids=lambda each: str(each)[-40:],
)
def test_each_field_that_is_wrong_is_named_with_its_row(row, errors):
    found = refused({"kind": "leave", "rows": [LEAVE, row]})

    assert sorted(found) == sorted((2, field, code) for field, code in errors)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"total_wage_fen": 8000.0}, "cell_money"),
        ({"total_wage_fen": True}, "cell_money"),
        ({"total_wage_fen": "12000000"}, "cell_money"),
        ({"total_wage_fen": -1}, "amount_range"),
        ({"months": 13}, "number_range"),
        ({"months": 0}, "number_range"),
        ({"months": "12"}, "cell_number"),
    ],
    ids=str,
)
def test_a_number_is_a_whole_one_within_its_limits(changed, code):
    assert refused({"kind": "base", "rows": [BASE | changed]}) == [(1, next(iter(changed)), code)]


def test_no_more_than_two_hundred_errors_are_named():
    assert len(refused({"kind": "leave", "rows": ["x"] * 201})) == 200


def test_a_row_alone_is_read_as_one_of_a_filing():
    row = json.dumps(LEAVE).encode()
    assert read_row(FilingKind.LEAVE, row, JSON, {"name": "x"}) == LEAVE
    wrong = json.dumps(LEAVE | {"stop_month": ""}).encode()
    assert problem(read_row, FilingKind.LEAVE, wrong, JSON, {}) == (
        422, "invalid", [(None, "stop_month", "cell_missing")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"reason": " 填错了人 "}, (None, "填错了人")),
        ({"reason": "错", "rows": [2, 1]}, ([2, 1], "错")),
        ({"rows": [1]}, [("", "invalid")]),
        ({"reason": "错", "rows": "1"}, [("rows", "invalid")]),
        ({"reason": "错", "more": 1}, [("", "invalid")]),
        ([], [("", "invalid")]),
    ],
    ids=str,
)
def test_a_withdrawal_says_why_and_perhaps_which_rows(body, found):
    content = json.dumps(body).encode()
    if isinstance(found, tuple):
        assert read_withdrawal(content, JSON) == found
        return
    status, code, errors = problem(read_withdrawal, content, JSON)
    assert (status, code) == (422, "invalid")
    assert [(field, code) for _row, field, code in errors] == found


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"{}", "text/plain", 415, "media_type"),
        (b"{", JSON, 400, "json"),
        (b"\xff", JSON, 400, "json"),
        (b"NaN", JSON, 400, "json"),
        (b'"\\ud800"', JSON, 400, "json"),
        (b"[" * 100_000, JSON, 400, "json"),
        (b'{"a": 1, "a": 1}', JSON, 400, "double_key"),
        (b'[{"b": {"a": 1, "a": 2}}]', JSON, 400, "double_key"),
    ],
    ids=lambda each: str(each)[:20],
)
def test_what_is_no_json_is_said_as_such(content, media_type, status, code):
    assert problem(read_json, content, media_type) == (status, code, [])


def test_only_errors_refuse_a_row():
    warned = {"code": "back_months", "level": "warning", "facts": {"month": "2026-10"}}
    wrong = {"code": "died", "level": "error", "facts": {}}
    refuse_wrong(3, [warned])
    assert problem(refuse_wrong, 3, [warned, wrong]) == (
        422, "invalid", [(3, "", "died")],
    )  # fmt: skip


def test_of_a_field_that_nobody_knows_only_the_beginning_is_told():
    assert len(request_error("x" * 81, "unknown", "")["field"]) == 80
