"""The desk's page of the doctor: the same findings, for administrators, in their language."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import insert

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.auth.tables.appointment import Function
from siweb.doctor import certificate, views
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

ENTRY = {
    "person_id": 1, "account_id": 1, "employer_id": 0, "function": "review", "reason": "record",
    "channel": "web", "region_code": "310000", "times": 1, "first_at": NOW, "last_at": NOW,
}  # fmt: skip


@pytest.fixture
def administrator(client, session, app, monkeypatch):
    """A browser of somebody who holds the function, English."""
    region = factories.make_region(session, "310000")
    person = factories.make_person(session, region_code=region.code)
    sign_in(client, session, person, functions=[Function.ADMINISTRATION])
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_what_the_command_finds_stands_there_with_what_to_do(administrator, app):
    page = administrator.get("/desk/health").text

    ill, _, well = page.partition("As it should be</h2>")
    assert "Cannot wait" in ill
    assert "none is set" in ill and "set SIWEB_PUBLIC_URL: papers carry it" in ill
    assert "run siweb backup every night" in ill
    assert "answers, and can be written" in well
    assert "no job waits for long" in well


def test_the_access_log_is_named_with_its_size_and_its_oldest_day(administrator, session, app):
    def said():
        return " ".join(administrator.get("/desk/health").text.split())

    assert "nobody was shown anything yet" in said()
    entries = [{**ENTRY, "on_day": NOW.date().replace(year=year)} for year in (2026, 2025)]
    # The office's own database has it on PostgreSQL; on SQLite it is a file beside it.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(insert(AccessLogEntry), entries)
        session.commit()
    else:
        with app.extensions["siweb_access_log"].begin() as writer:
            writer.execute(insert(AccessLogEntry), entries)

    assert re.search(r"access log</th>.*?Good</span> [\d.,]+ MB, kept since 2025-11-24", said())


def test_it_is_said_in_chinese_with_its_facts(administrator, app):
    folder = app.extensions["siweb_settings"].var_dir / "backups"
    administrator.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"

    page = administrator.get("/desk/health").text

    assert "系统运行检查" in page
    assert f"{folder} 里没有备份" in page
    assert "每天夜里运行 siweb backup" in page


def test_whoever_keeps_the_proxy_is_not_asked_at_every_page(administrator, app, monkeypatch):
    asked = []
    monkeypatch.setattr(views, "_certificate", views._Certificate())
    monkeypatch.setattr(
        certificate, "certificate_end", lambda *place: asked.append(place) or NOW.replace(year=2040)
    )
    app.extensions["siweb_settings"] = replace(
        app.extensions["siweb_settings"], public_url="https://localhost:8443"
    )

    pages = [administrator.get("/desk/health").text for _time in range(2)]

    assert asked == [("localhost", 8443)]
    assert all("days left:" in page for page in pages)


@pytest.mark.parametrize("function", [Function.FINANCE, Function.REVIEW, None])
def test_nobody_else_of_the_staff_has_it(client, session, function):
    region = factories.make_region(session, "310000")
    person = factories.make_person(session, region_code=region.code)
    sign_in(client, session, person, functions=[function] if function else [])
    session.commit()

    assert client.get("/desk/health").status_code in ({404} if function else {403, 404})
