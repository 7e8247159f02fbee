"""Whatever a program is refused, the reason comes in the language that it asks for."""

import re

import pytest
from sqlalchemy.exc import OperationalError

from siweb.audit.access_log.note import AccessNotNoted
from siweb.db.migrations.one_version import OtherVersion

_CHINESE = re.compile(r"[一-鿿]")


class Busy(Exception):
    """What the database's driver says while somebody else writes."""

    sqlstate = "55P03"


@pytest.fixture
def ask(program, client, token):
    """Ask in a language; return status and reason."""

    def asked(language, method, path, secret=None, **given):
        headers = program.headers | {"Accept-Language": language, "Idempotency-Key": "a-key-of-one"}
        if secret is not None:
            headers["Authorization"] = f"Bearer {secret}"
        answer = client.open(f"/api/v1{path}", method=method, headers=headers, **given)
        assert answer.content_type == "application/problem+json"
        return answer.status_code, answer.json["detail"]

    return asked


def in_both(ask, *asked, **given):
    """Return the status and the English reason, once the Chinese one is Chinese."""
    status, chinese = ask("zh-CN", *asked, **given)
    same, english = ask("en", *asked, **given)
    assert same == status
    assert _CHINESE.search(chinese), chinese
    assert not _CHINESE.search(english), english
    return status


@pytest.mark.parametrize(
    ("method", "path", "given", "status"),
    [
        ("GET", "/filings", {"secret": "siweb_wrong"}, 401),
        ("GET", "/nothing", {}, 404),
        ("DELETE", "/filings", {}, 405),
        ("GET", "/filings/ACDE3467", {}, 404),
        ("GET", "/filings?page=0", {}, 422),
        ("GET", "/filings?page=%00", {}, 400),
        ("POST", "/lists", {"json": {}}, 403),
        ("POST", "/filings", {"data": "x"}, 415),
        ("POST", "/filings", {"data": "{", "content_type": "application/json"}, 400),
        ("POST", "/filings", {"data": "[" * 20 + "]" * 20, "content_type": "application/json"}, 400),
        ("POST", "/filings", {"json": []}, 422),
        ("POST", "/filings", {"json": {"kind": "hire", "rows": []}}, 422),
        ("POST", "/filings/ACDE3467/confirm", {"json": {}}, 404),
    ],
)  # fmt: skip
def test_each_refusal_is_in_the_language_asked_for(ask, method, path, given, status):
    assert in_both(ask, method, path, **given) == status


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (RuntimeError("x"), 500),
        (OperationalError("x", {}, Busy()), 503),
        (OtherVersion("x"), 503),
        (AccessNotNoted("x"), 503),
    ],
)
def test_each_fault_is_in_the_language_asked_for(ask, monkeypatch, failure, status):
    def fail(*_given, **_named):
        raise failure

    monkeypatch.setattr("siweb.filings.api.views.read_filing", fail)

    assert in_both(ask, "POST", "/filings", json={}) == status
