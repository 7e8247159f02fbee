"""Killed at any moment of upload, check and apply: nothing is lost, nothing doubled, the page knows.

A process of its own does the work and dies by SIGKILL after a chosen call; another goes on.
"""

import shutil
import signal
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.audit.access_log.store import AccessLog
from siweb.audit.actor import Actor
from siweb.auth.tables.mandate import Mandate
from siweb.db.engine import make_engine, make_sessions
from siweb.db.sealing.field_keys import number_digest
from siweb.demo.sign_ins import read_sign_ins
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.filings.drafts.import_sheet import (
    open_sheet,
    request_reading,
    request_sending,
)
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.jobs.worker import run_next_job
from siweb.queue.claim import SILENCE
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.settings import Settings
from siweb.web.database import database, open_database
from tests import factories
from tests.conftest import NOW
from tests.demonstration import make_demonstration
from tests.filings.sheets.files import HEADINGS, make_xlsx
from tests.office_secrets import SECRETS
from tests.suite.dying import dies_after, make_nursery

ROWS = 90
WHO = [factories.make_id_number(date(1992, 3, 7), serial=2 * n + 1) for n in range(ROWS)]

SECRET = "test " * 8
WORKS = """
import time_machine
from datetime import datetime
from pathlib import Path
from siweb.db.engine import make_engine, make_sessions
from siweb.filings.confirmation import confirm as confirm_filing
from siweb.filings.drafts import import_sheet as read_sheet
from siweb.jobs import read_sheet as reading, worker
from siweb.registry.number_keys import hold_number_keys
from siweb.settings import Settings
{dies}
read_sheet.PORTION = 20
folder = Path({folder!r})
settings = Settings.load()
hold_number_keys(settings)
sessions = make_sessions(make_engine(Settings(var_dir=folder).engine_url))
with time_machine.travel(datetime.fromisoformat("{now}"), tick=True):
    worker.run_next_job(sessions, "first", secret="{secret}")
"""
# Where a worker dies: while it reads and checks, while it applies, before it says that it is done.
READING = [
    ("read_sheet", "insert_rows", 1),
    ("read_sheet", "insert_rows", 2),
    ("read_sheet", "insert_rows", 3),
    ("read_sheet", "insert_rows", 4),
    ("read_sheet", "insert_rows", 5),
    ("read_sheet", "mark_doubles", 1),
    ("read_sheet", "totals_of", 1),
    ("reading", "codes_of", 2),
    ("reading", "codes_of", 4),
    ("reading", "finish_reading", 1),
    ("worker", "claim_job", 1),
]
APPLYING = [
    ("confirm_filing", "claim_to_apply", 1),
    ("confirm_filing", "revalidate_stale", 1),
    ("confirm_filing", "apply_rows", 1),
    ("confirm_filing", "_count", 1),
    ("confirm_filing", "record_activity", 1),
    ("confirm_filing", "_give_receipt", 1),
    ("confirm_filing", "issue_document", 1),
    ("confirm_filing", "split_off_refused", 1),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An office with a sheet that waits to be read."""
    folder = tmp_path_factory.mktemp("killed") / "office"
    folder.mkdir()
    engine = make_engine(make_demonstration(folder))
    with time_machine.travel(NOW, tick=True):
        upload(folder, make_sessions(engine))
    engine.dispose()
    return folder


@pytest.fixture(scope="module")
def nursery():
    with make_nursery("time_machine", "siweb.jobs.worker", "siweb.jobs.functions") as nursery:
        yield nursery


@pytest.fixture
def office(made, tmp_path):
    return copy_of(made, tmp_path / "office")


@pytest.fixture(scope="module")
def expected(made, tmp_path_factory):
    """The same office, in which nothing was killed."""
    folder = copy_of(made, tmp_path_factory.mktemp("whole") / "office")
    work(folder)
    read = state(folder)
    send(folder)
    work(folder)
    return read, state(folder)


@pytest.fixture(scope="module")
def sent(made, tmp_path_factory):
    """The same office, its sheet read and sent, and waiting to be applied."""
    folder = copy_of(made, tmp_path_factory.mktemp("sent") / "office")
    work(folder)
    send(folder)
    return folder


def copy_of(made, folder):
    shutil.copytree(made, folder)
    return folder


def sessions_of(folder):
    return make_sessions(make_engine(Settings(var_dir=folder).engine_url))


def actor_of(session):
    mandate = session.scalars(select(Mandate).order_by(Mandate.id)).first()
    account = mandate.account_id
    person = session.scalar(
        select(factories.Account.person_id).where(factories.Account.id == account)
    )
    return mandate.employer_id, Actor(account, person)


def upload(folder, sessions):
    rows = [
        ["陈新", who, date(2026, 11, 2), 9000 + number, "2026-11", "五险"]
        for number, who in enumerate(WHO)
    ]
    rows[7][2], rows[30][3], rows[60][1] = "下周", "八千", WHO[59]
    file = make_xlsx(folder / "list.xlsx", [HEADINGS, *rows])
    with file.open("rb") as source, sessions.begin() as session:
        content = FileStore().keep(session, FileKind.SHEET, source, at=NOW)
        employer_id, actor = actor_of(session)
        filing, _ = open_sheet(
            session,
            employer_id,
            FilingKind.HIRE,
            content=content,
            file_name="list.xlsx",
            defaults={},
            actor=actor,
            at=NOW,
        )
        request_reading(session, filing, actor=actor, at=NOW)


def send(folder):
    with sessions_of(folder).begin() as session:
        _employer, actor = actor_of(session)
        filing = session.scalars(select(Filing).where(Filing.content_hash.is_not(None))).one()
        request_sending(session, filing, actor=actor, at=NOW)


def work(folder, after=timedelta()):
    with time_machine.travel(NOW + after, tick=True):
        while run_next_job(sessions_of(folder), "second", secret=SECRET):
            pass


def kill(nursery, folder, module, name, at_call, prepared=""):
    code = WORKS.format(
        dies=prepared + dies_after(module, name, at_call),
        folder=str(folder),
        now=NOW.isoformat(),
        secret=SECRET,
    )
    ended, errors = nursery.run(code)
    assert ended == -signal.SIGKILL, errors


def state(folder):
    """Everything that the sheet made, by what does not depend on when it was made."""
    with sessions_of(folder)() as session:
        rows = session.execute(
            select(
                FilingRow.position, FilingRow.state, FilingRow.row_values, FilingRow.findings
            ).order_by(FilingRow.position)
        ).all()
        filings = session.execute(
            select(Filing.kind, Filing.state, Filing.totals).order_by(Filing.id)
        ).all()
        counts = [
            session.execute(
                select(PersonIdentity.digest, func.count())
                .join(model, model.person_id == PersonIdentity.person_id)
                .where(PersonIdentity.digest.in_(map(number_digest, WHO)))
                .group_by(PersonIdentity.digest)
                .order_by(PersonIdentity.digest)
            ).all()
            for model in (Employment, Enrolment, DeclaredBase)
        ]
    return [tuple(row) for row in rows], [tuple(one) for one in filings], counts


@pytest.fixture
def page_of(build_office):
    """What the employer's owner sees of the filing in the office of a folder."""
    return lambda folder: see(build_office, folder)


def see(build_office, folder):
    settings = Settings(var_dir=folder, demo=True, **SECRETS | {"secret_key": SECRET})
    with time_machine.travel(NOW, tick=True):
        app = build_office(settings)
        app.extensions["siweb_database"] = open_database(settings.engine_url)
        app.extensions["siweb_access_log"] = AccessLog(None, folder)
        client = app.test_client()
        with sessions_of(folder)() as session:
            # Its file may be handed in again once all of it is withdrawn: nothing holds its hash.
            lists = select(Filing).where(Filing.file_name.is_not(None)).order_by(Filing.id)
            filing = session.scalars(lists.limit(1)).one()
            uscc = session.scalar(select(Employer.uscc).where(Employer.id == filing.employer_id))
        owner = next(one for one in read_sign_ins(folder) if "owner (first" in one["label_en"])
        signed = {name: owner[name] for name in ("id_number", "password")}
        assert client.post("/sign-in", data=signed).status_code == 303
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        answer = client.get(f"/employer/{uscc}/filings/{filing.reference}")
        database(app).engine.dispose()
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(("module", "name", "at_call"), READING)
def test_reading_goes_on_where_it_was(nursery, office, expected, page_of, module, name, at_call):
    kill(nursery, office, module, name, at_call)
    page = page_of(office)
    assert "Your list is being checked" in page or "Waiting for its turn" in page

    work(office, after=SILENCE * 2)

    assert state(office) == expected[0]
    assert "Rows that can be sent" in page_of(office)


@pytest.mark.parametrize(("module", "name", "at_call"), APPLYING)
def test_applying_is_all_or_nothing(
    nursery, sent, tmp_path, expected, page_of, module, name, at_call
):
    office = copy_of(sent, tmp_path / "office")
    kill(nursery, office, module, name, at_call)
    assert state(office) == expected[0]
    assert "Your rows are being applied" in page_of(office)

    work(office, after=SILENCE * 2)

    assert state(office) == expected[1]
    assert "Show the receipt" in page_of(office)
