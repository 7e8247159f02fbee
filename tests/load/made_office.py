"""The office that is visited: the demonstration's people copied, and browsers signed in to it."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb import clock
from siweb.app import create_app
from siweb.audit.actor import Actor
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment
from siweb.auth.tables.mandate import Mandate
from siweb.bench.filings import id_number
from siweb.bench.scaled import make_scaled
from siweb.bench.visits.signed_in import cookie_of, sign_in_employees
from siweb.collection.levy.start import open_levy
from siweb.documents.issue import issue_document
from siweb.documents.payload import LOCALES, receipt_payload
from siweb.documents.tables.document import DocumentKind
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.filings.drafts.import_sheet import open_sheet, request_reading, request_sending
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing, FilingState
from siweb.queue.enqueue import enqueue
from siweb.queue.job import Job, JobState
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of
from siweb.settings import Settings
from siweb.web.database import database

CITIZENS, NAMES, PAPERS = 200, 200, 50
# Behind the people of the long list, whose numbers are counted from 1.
FIRST_HIRE, HIRES = 2_000_000, 20_000
REGION = "310000"


def make_office(settings: Settings, people: int, file: Path) -> Actor:
    """Make an office of so many people, and write down what there is to visit; return a filer."""
    office = make_scaled(settings.engine_url, settings.var_dir, people)
    app = create_app(settings)
    record, at = f"/record/{office.reviewed_year}", clock.now()
    visitors = sign_in_employees(app, CITIZENS, record, at=at)
    with database(app).readers() as session:
        filer, uscc = _filer(session)
        clerk = session.scalars(select(Appointment.person_id)).first()
        names = session.scalars(select(Person.name).limit(NAMES)).all()
    assert filer.person_id is not None
    assert clerk is not None
    home = f"/employer/{uscc}"
    with database(app).writers() as session:
        papers = [{"code": _paper(session, filer, number)} for number in range(PAPERS)]
        session.commit()
    found = {
        "record": record,
        "names": list(names),
        "hires": [_hire(number) for number in range(HIRES)],
        "citizens": [{"cookie": one.cookie, "review": one.reference} for one in visitors],
        # Their browser has seen a form: its session holds what a form is sent back with.
        "employers": [
            {"cookie": cookie_of(app, filer.person_id, f"{home}/hire", at), "home": home}
        ],
        "clerks": [{"cookie": cookie_of(app, clerk, "/desk", at)}],
        "papers": papers,
    }
    file.write_text(json.dumps(found), "utf-8")
    database(app).engine.dispose()
    return filer


def hand_in(session: Session, sheet: Path, filer: Actor) -> int:
    """Hand a long list in, to be read by a worker; return its filing."""
    employer_id = _filed_for(session, filer)
    with sheet.open("rb") as source:
        content = FileStore().keep(session, FileKind.SHEET, source, at=clock.now())
    filing, _is_new = open_sheet(
        session,
        employer_id,
        FilingKind.HIRE,
        content=content,
        file_name=sheet.name,
        defaults={},
        actor=filer,
        at=clock.now(),
    )
    request_reading(session, filing, actor=filer, at=clock.now())
    return filing.id


def send_when_read(session: Session, filing_id: int, filer: Actor) -> bool:
    """Send a list once it is read; return whether it was."""
    filing = session.get_one(Filing, filing_id)
    if filing.read_at is None:
        return False
    request_sending(session, filing, actor=filer, at=clock.now())
    return True


def begin_levy(session: Session, filer: Actor) -> int:
    """Let a worker levy this month; return the job."""
    run = open_levy(
        session,
        REGION,
        month_of(clock.today()),
        packs=packs_in_force(session),
        actor=filer,
        on=clock.today(),
        at=clock.now(),
        may_be_provisional=True,
    )
    arguments = {"levy_run_id": run.id}
    job = enqueue(
        session,
        "collection.run_levy",
        arguments,
        actor=filer,
        at=clock.now(),
        subject=("levy_run", run.id),
        request_key=f"load/{run.id}",
    )
    return job.id


def is_applied(session: Session, filing_id: int) -> bool:
    """Return whether a list is in; a job that failed ends the measuring."""
    _refuse_failed(session)
    return session.get_one(Filing, filing_id).state is FilingState.CONFIRMED


def is_done(session: Session, job_id: int) -> bool:
    """Return whether a job ended well."""
    _refuse_failed(session)
    return session.get_one(Job, job_id).state is JobState.DONE


def _refuse_failed(session: Session) -> None:
    failed = session.scalars(select(Job.name).where(Job.state == JobState.FAILED)).all()
    if failed:
        raise SystemExit(f"These jobs failed: {', '.join(failed)}")


def _filer(session: Session) -> tuple[Actor, str]:
    account, uscc = session.execute(
        select(Account, Employer.uscc)
        .join(Mandate, Mandate.account_id == Account.id)
        .join(Employer, Employer.id == Mandate.employer_id)
        .where(Employer.region_code == REGION)
        .order_by(Mandate.id)
        .limit(1)
    ).one()
    return Actor(account.id, account.person_id), str(uscc)


def _filed_for(session: Session, filer: Actor) -> int:
    mandate = session.scalars(
        select(Mandate)
        .join(Employer, Employer.id == Mandate.employer_id)
        .where(Mandate.account_id == filer.account_id, Employer.region_code == REGION)
        .order_by(Mandate.id)
    ).first()
    assert mandate is not None
    return mandate.employer_id


def _paper(session: Session, filer: Actor, number: int) -> str:
    """Give a receipt out, and return the code by which anybody checks it."""
    words = dict.fromkeys(LOCALES, "Measured")
    payload = receipt_payload(
        name="甲公司",
        id_number="91310000MA1FL0000X",
        matter=words,
        outcome=words,
        outcome_code="accepted",
        decided_on=clock.today(),
    )
    issued = issue_document(
        session,
        kind=DocumentKind.FILING_RECEIPT,
        subject=("load", number),
        person_id=filer.person_id,
        region_code=REGION,
        payload=payload,
        secret="measured",
        at=clock.now(),
        actor=filer,
    )
    return issued.code


def _hire(number: int) -> dict[str, Any]:
    today = clock.today()
    return {
        "id_number": id_number(FIRST_HIRE + number),
        "name": "王新",
        "hired_on": f"{today.replace(day=1):%Y-%m-%d}",
        "wage_fen": "9000",
        "start_month": month_of(today),
        "insurances": ["pension", "medical", "unemployment", "work_injury", "maternity"],
        "form": "full_time",
        "contract_type": "open",
        "reason": "new",
        "retirement_category": "female50",
    }
