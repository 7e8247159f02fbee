"""Two servers and a worker, each with a folder of its own: they share the database and secrets."""

from io import BytesIO

import pytest
import time_machine

from siweb.app import create_app
from siweb.db.engine import make_engine, make_sessions
from siweb.files.store import FileStore
from siweb.jobs.worker import run_next_job
from siweb.registry.regions.load import load_regions
from siweb.settings import Settings
from tests import factories
from tests.conftest import NOW
from tests.files.object_store import bucket_settings
from tests.filings.sheets.files import HEADINGS, make_xlsx
from tests.migrated import lay_schema
from tests.office_secrets import SECRETS
from tests.sign_in import sign_in


@pytest.fixture(params=["database", "folder", "bucket"])
def machine(request, tmp_path, object_store):
    """Make the settings of a machine of the office."""
    shared = tmp_path / "shared"
    shared.mkdir()

    def settings(name):
        return Settings(
            var_dir=tmp_path / name,
            database_url=f"sqlite:///{tmp_path / 'office.sqlite3'}",
            files_dir=str(shared) if request.param == "folder" else "",
            **(bucket_settings(object_store) if request.param == "bucket" else {}),
            **SECRETS,
        )

    return settings


def test_a_list_that_one_machine_took_is_read_by_another_and_shown_by_a_third(machine, tmp_path):
    first, second, third = (machine(name) for name in ("first", "second", "third"))
    engine = make_engine(first.engine_url)
    lay_schema(engine)
    sessions = make_sessions(engine)
    with time_machine.travel(NOW, tick=False), sessions() as session:
        load_regions(session, hosted=("310000",))
        person = factories.make_person(session)
        employer = factories.make_employer(session, region_code="310000")
        account = factories.make_account(session, person)
        factories.make_mandate(session, account, employer, "filer")
        session.commit()
        server, other = create_app(first), create_app(second)
        for app in (server, other):
            app.config["WTF_CSRF_ENABLED"] = False
        browser, elsewhere = server.test_client(), other.test_client()
        sign_in(browser, session, person)
        file = make_xlsx(tmp_path / "list.xlsx", [HEADINGS, ["陈新", "1", "下周"]])
        sent = browser.post(
            f"/employer/{employer.uscc}/sheets/hire",
            data={"file": (BytesIO(file.read_bytes()), "list.xlsx")},
        )

        assert run_next_job(sessions, "third", files=FileStore.of(third), secret="key")

        # The same cookie, sent to the other server.
        cookie = browser.get_cookie("siweb")
        elsewhere.set_cookie("siweb", cookie.value)
        page = elsewhere.get(sent.location, headers={"Accept-Language": "en"})
        returned = elsewhere.get(f"{sent.location}/returned.xlsx")

    engine.dispose()
    assert "陈新" in page.get_data(as_text=True)
    assert returned.status_code == 200
    assert returned.data[:2] == b"PK"
