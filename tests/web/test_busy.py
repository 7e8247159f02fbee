"""While one long list is written on SQLite, everybody reads, and who writes is asked to wait."""

import pytest
from sqlalchemy import event, text

from siweb.app import create_app
from siweb.db.migrate import migrate
from siweb.settings import Settings
from siweb.web.database import open_database


@pytest.fixture
def office(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'office.sqlite3'}")

    @event.listens_for(database.engine, "connect")
    def hurry(connection, _record):
        connection.execute("PRAGMA busy_timeout=0")

    migrate(database.engine)
    app = create_app(Settings(var_dir=tmp_path, secret_key="test " * 8, demo=False), database)
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
