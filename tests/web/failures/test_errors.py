"""A failure tells the person what to do and the log where it was, and neither who was there."""

import logging
import re

import pytest

from siweb.web.failures.trace import failure_trace
from tests.web.conftest import ID_NUMBER

REFERENCE = re.compile(r"[34679ACDEFGHJKMNPQRTWXY]{5}-[34679ACDEFGHJKMNPQRTWXY]{5}")


@pytest.fixture
def failed(visitor, caplog):
    with caplog.at_level(logging.DEBUG):
        response = visitor.get(f"/broken/{ID_NUMBER}?name=张伟")
    return response.get_data(as_text=True), caplog.text, response.status_code


def test_a_failure_shows_the_case_reference_that_the_log_holds(failed):
    page, log, status = failed

    assert status == 500
    assert "Something went wrong on our side" in page
    assert REFERENCE.search(page).group() == REFERENCE.search(log).group()


def test_the_log_says_where_it_failed(failed):
    _page, log, _status = failed

    assert "TypedBack at broken.fail" in log
    assert log.index("builtins.KeyError") < log.index("tests.web.conftest.TypedBack")
    assert "conftest.py" in log


def test_the_log_holds_nothing_that_was_typed(failed):
    page, log, _status = failed

    assert ID_NUMBER not in log
    assert "张伟" not in log
    assert ID_NUMBER not in page.split("<main")[1]


def test_a_failure_in_a_circle_of_causes_is_still_told():
    error = ValueError("one")
    error.__cause__ = KeyError("two")
    error.__cause__.__cause__ = error

    assert failure_trace(error).splitlines() == ["builtins.KeyError", "builtins.ValueError"]


def test_an_unknown_page_says_so_in_the_visitors_language(visitor):
    english = visitor.get("/no-such-page")
    chinese = visitor.get("/no-such-page", headers={"Accept-Language": "zh-CN"})

    assert english.status_code == chinese.status_code == 404
    assert "There is no such page" in english.text
    assert 'lang="zh-Hans"' in chinese.text


def test_a_page_used_the_wrong_way_says_so(visitor):
    response = visitor.get("/sign-out")

    assert response.status_code == 405
    assert "This page cannot be used that way" in response.text


def test_a_form_without_its_token_that_another_site_sent_is_not_offered_again(visitor):
    response = visitor.post(
        "/sign-in", data={"id_number": ID_NUMBER}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 400
    assert "This form was open too long" in response.text
    assert ID_NUMBER not in response.text


def test_more_than_the_limit_is_refused(office, visitor):
    office.config["MAX_CONTENT_LENGTH"] = 1_000

    response = visitor.post("/sign-in", data={"id_number": "1" * 2_000})

    assert response.status_code == 413
    assert "The file is too large" in response.text
