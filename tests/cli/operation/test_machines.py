"""Two app servers and a worker, each with a folder of its own: they share database and object store.

The secrets come from the environment, as they would on three machines.
"""

import http.client
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update

from siweb.auth.credentials.account import create_account
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.bench.slow import served
from siweb.collection.tables.payment import Payment
from siweb.db.engine import make_sessions
from siweb.files.kept_file import FileKind, KeptFile, KeptFilePiece
from siweb.files.store import FileStore
from siweb.filings.tables.filing_row import FilingRow
from siweb.secret_keys import SECRETS, variable_of
from siweb.settings import Settings
from siweb.wizard.draft import DraftAnswer
from tests import factories
from tests.cli.operation.test_server import free_port
from tests.collection.statements.make_statements import camt, entry, register
from tests.files.object_store import bucket_settings, serving
from tests.filings.employers.test_registration import STEPS
from tests.filings.sheets.files import HEADINGS, make_xlsx
from tests.migrated import own_postgresql
from tests.office_secrets import VARIABLES
from tests.second_person import check_all
from tests.sign_in import EVERY_FUNCTION, appoint

PASSWORD = "correct horse battery"
# With what the one person of these tests signs in.
SIGN_IN: dict[str, str] = {}
BOUNDARY = "a-line-that-no-file-has"
# The worker of the third machine: it ends when nothing waits any more.
WORKER = """
from siweb.cli.settings import command_settings
from siweb.files.store import FileStore
from siweb.jobs.worker import run_next_job
from siweb.registry.number_keys import require_number_keys
from siweb.secret_keys import PAPER
from siweb.web.database import open_database

settings = command_settings()
require_number_keys(settings)
files, sessions = FileStore.of(settings), open_database(settings.engine_url).writers
while run_next_job(sessions, "third", files=files, secret=settings.secret(PAPER)):
    pass
"""


class Browser:
    """One browser whose requests go to whichever server it is told."""

    def __init__(self, one, other):
        self.ports, self.cookies, self.location = (one, other), {}, ""

    def ask(self, server, path, form=None, file=None, *, page=""):
        """Return status and text; a form gets the token of its page, asked there just before."""
        headers = {
            "Accept-Language": "en",
            "Cookie": "; ".join(map("=".join, self.cookies.items())),
        }
        body = None
        if form is not None:
            token = re.search(
                r'name="csrf_token"[^>]*value="([^"]+)"', self.ask(server, page or path)[1]
            )
            form = form | {"csrf_token": token[1] if token else ""}
            headers |= {"Cookie": "; ".join(map("=".join, self.cookies.items()))}
            body, headers["Content-Type"] = encoded(form, file)
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[server], timeout=60)
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        self.location = answer.headers.get("Location") or ""
        connection.close()
        return answer.status, text


def encoded(form, file):
    if file is None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    name, content = file
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in form.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    body = b"".join((*parts, (head + kind).encode(), content, end))
    return body, f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture(scope="module")
def office(postgresql_url, tmp_path_factory):
    """Sessions of the shared database, a browser before both servers, and the worker's start."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        engine = stack.enter_context(own_postgresql(postgresql_url, "three_machines"))
        address = engine.url.render_as_string(hide_password=False)
        given = {
            variable_of(secret): f"shared {secret.name} of three machines" for secret in SECRETS
        }
        store = stack.enter_context(serving())
        given |= VARIABLES | {"SIWEB_DATABASE_URL": address}
        given |= {f"SIWEB_{name.upper()}": text for name, text in bucket_settings(store).items()}
        for name, value in given.items():
            patch.setenv(name, value)
        folders = [tmp_path_factory.mktemp(name) for name in ("one", "other", "third")]
        ports = [free_port(), free_port()]
        for folder, port in zip(folders, ports, strict=False):
            stack.enter_context(served(Settings(var_dir=folder, port=port)))

        def work():
            environ = os.environ | {"SIWEB_VAR_DIR": str(folders[2]), "SIWEB_CONFIG": ""}
            subprocess.run([sys.executable, "-c", WORKER], env=environ, check=True, timeout=120)

        yield make_sessions(engine), Browser(*ports), work, folders


@pytest.fixture(scope="module")
def employer(office):
    """An employer whose owner is also a member of staff, with a known password; its code."""
    sessions, browser, _work, _folders = office
    at = datetime.now(UTC)
    with sessions.begin() as session:
        factories.make_region(session, "310000")
        register(session)
        person = factories.make_person(session, name="王芳", region_code="310000")
        account = create_account(session, person.id, PASSWORD, at=at)
        appoint(session, person, *EVERY_FUNCTION)
        found = factories.make_employer(session, region_code="310000")
        factories.make_mandate(session, account, found, "owner")
        uscc, number = found.uscc, person.id_number
    SIGN_IN.update(id_number=number, password=PASSWORD)
    enter(sessions, browser)
    return uscc


def enter(sessions, browser):
    """Sign in with the password; the second factor counts as proved on both."""
    assert browser.ask(0, "/sign-in", SIGN_IN)[0] == 303
    with sessions.begin() as session:
        session.execute(update(SignInSession).values(proved_at=datetime.now(UTC)))


pytestmark = pytest.mark.postgresql


def test_who_signed_in_on_one_is_signed_in_on_the_other(office, employer):
    _sessions, browser, _work, _folders = office

    for server in (0, 1):
        status, page = browser.ask(server, f"/employer/{employer}")
        assert (status, employer in page) == (200, True)


def test_the_steps_of_a_form_may_go_to_either(office, employer):
    sessions, browser, _work, _folders = office
    status, _text = browser.ask(1, "/employer/register", {})
    assert status == 303
    start, uscc = browser.location.rsplit("/", 1)[0], factories.make_uscc()

    for number, (step, typed) in enumerate(STEPS.items()):
        if isinstance(next(iter(typed.values())), list):
            break
        form = typed | {"uscc": uscc, "seen": 0}
        status, _text = browser.ask(number % 2, f"{start}/{step}", form)
        assert status == 303, step

    with sessions() as session:
        answered = set(session.scalars(select(DraftAnswer.step)))
    assert {"code", "industry", "addresses", "people", "bank"} <= answered


def test_a_list_goes_to_one_the_worker_reads_it_and_the_other_shows_it(office, employer, tmp_path):
    sessions, browser, work, folders = office
    row = ["陈新", factories.make_id_number(), "2026-11-02", 9000, "2026-11", "五险"]
    content = make_xlsx(tmp_path / "list.xlsx", [HEADINGS, row]).read_bytes()

    path = f"/employer/{employer}/sheets/hire"
    status, _text = browser.ask(0, path, {}, file=("list.xlsx", content))
    assert status == 303
    page = browser.location
    assert "Waiting for its turn" in browser.ask(1, page)[1]
    work()

    assert "陈新" in browser.ask(1, page)[1]
    with sessions() as session:
        assert session.scalars(select(FilingRow)).one().position > 0
        kept = session.scalars(select(KeptFile).where(KeptFile.kind == FileKind.SHEET)).one()
        assert kept.size == len(content)
        # It lies in the object store, and in the database only that it does.
        assert session.scalars(select(KeptFilePiece)).all() == []
        with FileStore.of(Settings.load()).opened(session, FileKind.SHEET, kept.digest) as file:
            assert file.read_bytes() == content
    # Nothing that was handed in lies in a folder of one machine.
    assert not [file for folder in folders for file in folder.rglob("*.xlsx")]


def test_a_bank_statement_goes_the_same_way(office, employer):
    sessions, browser, work, _folders = office
    form = {"region": "310000", "bank": "示范银行", "account": ""}

    status, _text = browser.ask(1, "/desk/statements", form, file=("a.xml", camt(entry("12.00"))))
    assert status == 303
    page = browser.location
    with sessions() as session:
        check_all(session)
    work()

    with sessions() as session:
        assert session.scalars(select(Payment)).one().amount_fen == 1_200
    shown = "".join(browser.ask(0, page)[1].split())
    assert "<dt>Paymentsamongthem</dt><dd>1</dd>" in shown


def test_who_signs_out_on_one_is_out_on_the_other(office, employer):
    sessions, browser, _work, _folders = office

    assert browser.ask(0, "/sign-out", {}, page="/account")[0] == 303
    assert browser.ask(1, f"/employer/{employer}")[0] != 200
    # Whoever comes next, in whatever order, is signed in.
    enter(sessions, browser)
