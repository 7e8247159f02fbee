"""The log as JSON: one line a request by its reference, and nobody's numbers in it."""

import io
import json
import logging
from dataclasses import replace

import pytest

from siweb.monitoring.json_log import JsonLines
from siweb.settings import SettingError, Settings
from siweb.web.database import open_database
from tests.web.conftest import BROKEN, ID_NUMBER
from tests.web.failures.test_errors import REFERENCE


@pytest.fixture
def lines():
    """Every line that the office writes meanwhile, read."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.getLogger("siweb").addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger("siweb").removeHandler(handler)


@pytest.fixture
def office(build_office, settings):
    office = build_office(replace(settings, log_format="json"), BROKEN)
    office.extensions["siweb_database"] = open_database(settings.engine_url)
    return office


def test_a_failure_has_one_reference_on_the_page_in_the_header_and_in_the_log(office, lines):
    found = office.test_client().get(f"/broken/{ID_NUMBER}?name=张伟")

    (failure, answer) = lines()
    reference = REFERENCE.search(found.text).group()
    assert found.headers["X-Request-ID"] == reference
    assert failure["request"] == answer["request"] == reference
    assert failure["says"].startswith(f"case {reference}: TypedBack at broken.fail")
    assert (failure["level"], answer["level"]) == ("error", "info")
    assert (answer["route"], answer["status"], answer["method"]) == ("broken.fail", 500, "GET")
    assert ID_NUMBER not in json.dumps(lines()) and "张伟" not in json.dumps(lines())


def test_each_request_has_a_reference_of_its_own(office, lines):
    client = office.test_client()

    told = {client.get("/healthz").headers["X-Request-ID"] for _time in range(3)}

    assert len(told) == 3
    assert [line["request"] for line in lines() if line["says"] == "answered"] != []
    assert {line["request"] for line in lines()} == told


def test_as_text_requests_have_no_lines(build_office, settings, lines):
    build_office(settings).test_client().get("/healthz")

    assert lines() == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("of 11010519491231002X came", "of … came"),
        ("of 110105194912310021", "of …"),
        ("of 110105491231002", "of …"),
        ("call 13800138000", "call …"),
        # A credit code of an employer, a count, and part of a longer word stand as they are.
        ("of 91310000MA1FL0AB2C", "of 91310000MA1FL0AB2C"),
        ("1234567890 rows", "1234567890 rows"),
        ("a13800138000b", "a13800138000b"),
    ],
)
def test_a_number_that_comes_into_a_line_after_all_is_taken_out(lines, said, kept):
    logging.getLogger("siweb.test").error("%s", said)

    assert [line["says"] for line in lines()] == [kept]


def test_of_an_error_the_kind_alone_is_told(lines):
    try:
        int("张伟 typed this")
    except ValueError:
        logging.getLogger("siweb.test").exception("failed")

    (line,) = lines()
    assert line["error"] == "ValueError"
    assert "typed" not in json.dumps(line)


def test_a_format_that_is_none_stops_the_start():
    with pytest.raises(SettingError, match="SIWEB_LOG_FORMAT must be text or json, not 'xml'"):
        Settings.load({"SIWEB_LOG_FORMAT": "xml"})
