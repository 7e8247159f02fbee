"""A database that is away, full or damaged: a page with a case reference, never a bare failure."""

import logging
import re

import pytest
from sqlalchemy import event, text

from siweb.app import create_app
from siweb.db.sealing.field_keys import FieldKeys, hold_field_keys, other_field_keys
from siweb.settings import Settings
from siweb.web.database import open_database
from tests import factories
from tests.cli.operation.test_server import free_port
from tests.migrated import lay_schema
from tests.office_secrets import SECRETS
from tests.sign_in import sign_in

REFERENCE = re.compile(r"[34679ACDEFGHJKMNPQRTWXY]{5}-[34679ACDEFGHJKMNPQRTWXY]{5}")
ID_NUMBER = "11010519491231002X"


def browser_of(office):
    office.config["WTF_CSRF_ENABLED"] = False
    client = office.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture(scope="module")
def away(tmp_path_factory):
    """An office whose PostgreSQL does not listen."""
    url = f"postgresql://siweb:secret@127.0.0.1:{free_port()}/siweb"
    settings = Settings(var_dir=tmp_path_factory.mktemp("away"), **SECRETS, database_url=url)
    return create_app(settings)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """An office on SQLite, and a browser that is signed in to it."""
    folder = tmp_path_factory.mktemp("kept")
    database = open_database(f"sqlite:///{folder / 'siweb.sqlite3'}")
    lay_schema(database.engine)
    office = create_app(Settings(var_dir=folder, **SECRETS), database)
    browser = browser_of(office)
    with database.writers() as session:
        sign_in(browser, session, factories.make_person(session))
        session.commit()
    yield browser, database
    database.engine.dispose()


def case_of(answer, log):
    """The case reference of an answer, which the log holds too."""
    (found,) = set(REFERENCE.findall(answer.text))
    assert found in log
    return found


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/verify?code=ACDE3467"), ("POST", "/sign-in"), ("GET", "/")]
)
def test_a_database_that_does_not_answer_is_said_with_a_case(away, caplog, method, path):
    typed = {"data": {"id_number": ID_NUMBER, "password": "secret"}} if method == "POST" else {}
    browser = browser_of(away)
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = "somebody"
    caplog.set_level(logging.DEBUG)

    answer = browser.open(path, method=method, **typed)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "The office cannot work just now" in answer.text
    assert case_of(answer, caplog.text)
    for said in (caplog.text, answer.text.partition("<main")[2]):
        assert ID_NUMBER not in said
        assert "secret" not in said
        assert "Traceback" not in said


def test_a_wrong_field_key_is_said_with_a_case_to_who_is_signed_in(kept, caplog):
    browser, _database = kept
    with other_field_keys():
        hold_field_keys(lambda: FieldKeys(["another " * 8], "another " * 8))
        answer = browser.get("/account")

    assert answer.status_code == 500
    assert "</html>" in answer.text
    assert case_of(answer, caplog.text)


def test_a_program_is_told_its_case_too(away, caplog):
    answer = browser_of(away).get(
        "/api/v1/filings/ACDE3467", headers={"Authorization": "Bearer siweb_x"}
    )

    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert case_of(answer, caplog.text)


def test_a_full_disk_is_said_with_a_case_and_pages_are_read(kept, caplog):
    browser, database = kept

    def fill(connection, _record):
        connection.execute("PRAGMA max_page_count=1")  # as many as there are

    with database.engine.begin() as writing:
        writing.execute(text("UPDATE sign_in_session SET ended_at = last_seen_at"))
    database.engine.dispose()
    event.listen(database.engine, "connect", fill)
    page = browser.get("/verify")
    # A form that meets an ended sign-in is kept for its owner.
    answer = browser.post("/my-work", data={"id_number": ID_NUMBER, "words": "x" * 50_000})
    event.remove(database.engine, "connect", fill)
    database.engine.dispose()

    assert page.status_code == 200
    assert answer.status_code == 503
    assert case_of(answer, caplog.text)
    assert ID_NUMBER not in caplog.text


def test_a_damaged_file_is_said_with_a_case(tmp_path, caplog):
    (tmp_path / "siweb.sqlite3").write_bytes(b"not a database " * 1000)
    browser = browser_of(create_app(Settings(var_dir=tmp_path, **SECRETS)))
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = "somebody"

    answer = browser.get("/account")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert case_of(answer, caplog.text)
