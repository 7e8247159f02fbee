"""While one long list is written on SQLite, everybody reads, and who writes is asked to wait."""

import time

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, text

from siweb.app import create_app
from siweb.settings import Settings
from siweb.web.database import note, open_database
from tests import factories
from tests.conftest import NOW
from tests.migrated import lay_schema
from tests.office_secrets import SECRETS
from tests.sign_in import sign_in


@pytest.fixture
def office(tmp_path, monkeypatch):
    """The list is longer than anybody waits: what comes then comes after a moment as well."""
    monkeypatch.setattr("siweb.web.database._FORM_WAIT", 100)
    database = open_database(f"sqlite:///{tmp_path / 'office.sqlite3'}")

    @event.listens_for(database.engine, "connect")
    def hurry(connection, _record):
        connection.execute("PRAGMA busy_timeout=0")

    lay_schema(database.engine)
    app = create_app(Settings(var_dir=tmp_path, **SECRETS, demo=False), database)
    app.config["WTF_CSRF_ENABLED"] = False
    with database.engine.begin() as writing:
        writing.execute(text("UPDATE job SET attempts = 0"))
        yield app.test_client()
    database.engine.dispose()


def test_a_form_is_asked_to_come_again(office):
    found = office.post(
        "/sign-in",
        data={"id_number": "11010519491231002X", "password": "not a short one"},
        headers={"Accept-Language": "en"},
    )

    assert found.status_code == 503
    assert found.headers["Retry-After"] == "30"
    assert "The office is busy right now" in found.text
    assert "what you typed is still there" in found.text


def test_a_page_is_read_all_the_same(office):
    assert office.get("/", headers={"Accept-Language": "en"}).status_code == 200


def test_a_program_is_told_in_its_way(office):
    found = office.post("/api/v1/filings", json={}, headers={"Authorization": "Bearer siweb_x"})

    assert found.status_code == 503
    assert found.mimetype == "application/problem+json"


def test_a_sign_of_life_is_left_out_rather_than_waited_for(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'office.sqlite3'}")
    lay_schema(database.engine)
    office = create_app(Settings(var_dir=tmp_path, **SECRETS, demo=False), database)
    browser = office.test_client()
    with time_machine.travel(NOW, tick=False), database.writers() as session:
        sign_in(browser, session, factories.make_person(session))
        session.commit()
        # What a first page prepares is not to be taken for waiting.
        browser.get("/account")
        session.execute(text("UPDATE sign_in_session SET last_seen_at = '2026-11-24 01:55:00'"))
        session.commit()

    with time_machine.travel(NOW, tick=True), database.engine.begin() as writing:
        writing.execute(text("UPDATE job SET attempts = 0"))
        started = time.monotonic()
        busy = browser.get("/account")
        took = time.monotonic() - started

    assert busy.status_code == 200
    # The lock itself is waited for up to 15 seconds by whoever has to write.
    assert took < 5
    with database.engine.connect() as reading:
        assert not reading.scalar(
            text("SELECT count(*) FROM sign_in_session WHERE last_seen_at > '2026-11-24 01:56'")
        )
    with time_machine.travel(NOW, tick=False):
        browser.get("/account")
    with database.engine.connect() as reading:
        assert reading.scalar(
            text("SELECT count(*) FROM sign_in_session WHERE last_seen_at > '2026-11-24 01:56'")
        )
    database.engine.dispose()


def test_a_note_is_left_out_where_another_holds_the_row(postgresql_engine):
    database = open_database(postgresql_engine.url.render_as_string(hide_password=False))
    office = Flask("notes")
    office.extensions["siweb_database"] = database
    change = text("UPDATE alembic_version SET version_num = version_num")
    with office.app_context():
        with postgresql_engine.begin() as writing:
            writing.execute(change)

            assert note(lambda session: session.execute(change)) is False

        assert note(lambda session: session.execute(change)) is True
    database.engine.dispose()
