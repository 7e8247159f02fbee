"""A long sheet from upload to draft and from draft to the register, beside merely reading it."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from siweb import clock, schema
from siweb.audit.actor import Actor
from siweb.auth.tables.account import Account
from siweb.bench.office import throwaway_office
from siweb.db.engine import make_engine, make_sessions
from siweb.db.migrate import migrate
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.filings.drafts.import_sheet import (
    open_sheet,
    request_reading,
    request_sending,
)
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.reader_process import read_beside
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.jobs.worker import run_next_job, settle
from siweb.registry.codes import EmployerStatus, RetirementCategory, Sex
from siweb.registry.insert_people import insert_people
from siweb.registry.regions.load import load_regions
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.identifiers.identity_number import check_character

assert schema.metadata.tables
REGION, FLAWED = "310000", 50
HEADINGS = ("姓名", "公民身份号码", "入职日期", "月工资", "起始缴费月", "参保险种", "女职工岗位")
_PIECE = 5_000


@dataclass(frozen=True, slots=True)
class FilingSpeed:
    """Seconds of each part; rows as they ended; megabytes of this process and of its reader."""

    database: str
    rows: int
    megabytes_of_file: float
    draft_seconds: float
    apply_seconds: float
    reading_seconds: float
    openpyxl_seconds: float
    applied: int
    refused: int
    peak_megabytes: float
    reader_megabytes: float


def measure_filings(rows: int, url: str | None = None) -> FilingSpeed:
    """File so many new employees: half of them known, one in fifty flawed."""
    with throwaway_office() as settings:
        folder = settings.var_dir
        file = make_sheet(folder / "list.xlsx", rows)
        reading, openpyxl = _time_reading(file), _time_openpyxl(file)
        with _database(url, folder) as engine:
            migrate(engine)
            sessions = make_sessions(engine)
            actor = _fill(sessions, rows)
            at = clock.now()
            settle()
            started = time.perf_counter()
            filing_id = _upload(sessions, file, actor)
            run_next_job(sessions, "bench", secret="bench")
            drafted = time.perf_counter()
            with sessions.begin() as session:
                request_sending(session, session.get_one(Filing, filing_id), actor=actor, at=at)
            run_next_job(sessions, "bench", secret="bench")
            done = time.perf_counter()
            applied, refused = _count(sessions)
            return FilingSpeed(
                engine.dialect.name,
                rows,
                file.stat().st_size / (1 << 20),
                drafted - started,
                done - drafted,
                reading,
                openpyxl,
                applied,
                refused,
                _megabytes(resource.RUSAGE_SELF),
                _megabytes(resource.RUSAGE_CHILDREN),
            )


def make_sheet(path: Path, rows: int) -> Path:
    """Write the sheet; every fiftieth row has a wrong number, day or amount."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("名单")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    today = clock.today()
    month = f"{today:%Y-%m}"
    sheet.write_row(0, 0, HEADINGS)
    for number in range(1, rows + 1):
        flaw = number // FLAWED % 3 if number % FLAWED == 0 else -1
        text = id_number(number)
        sheet.write_string(number, 0, f"王{chr(0x4E00 + number % 5000)}")
        sheet.write_string(number, 1, text[:-1] + "?" if flaw == 0 else text)
        if flaw == 1:
            sheet.write_string(number, 2, "下周")
        else:
            sheet.write_datetime(number, 2, today.replace(day=1), day)
        if flaw == 2:
            sheet.write_string(number, 3, "八千")
        else:
            sheet.write_number(number, 3, 8000 + number % 20_000)
        sheet.write_string(number, 4, month)
        sheet.write_string(number, 5, "五险")
        sheet.write_string(number, 6, "工人岗位")
    book.close()
    return path


def id_number(number: int) -> str:
    """Return a valid ID number for each number below 7 million."""
    born = date.fromordinal(date(1970, 1, 1).toordinal() + number // 999)
    first = f"310101{born:%Y%m%d}{number % 999 + 1:03d}"
    return first + check_character(first)


@contextmanager
def _database(url: str | None, folder: Path) -> Iterator[Engine]:
    engine = make_engine(url or f"sqlite:///{folder / 'filings.sqlite3'}")
    yield engine
    engine.dispose()


def _fill(sessions: sessionmaker[Session], rows: int) -> Actor:
    """Register the employer, and every second person of the sheet."""
    at = clock.now()
    with sessions.begin() as session:
        load_regions(session, hosted=(REGION,))
        session.add(
            Employer(
                id=1,
                uscc="91310000MA1FL0000X",
                name="甲公司",
                region_code=REGION,
                kind="enterprise",
                industry_code="C21",
                injury_class=3,
                injury_tier_ppm=1_000_000,
                established_on=date(2000, 1, 1),
                status=EmployerStatus.ACTIVE,
                registered_at=at,
            )
        )
        session.flush()
        for first in range(2, rows + 1, 2 * _PIECE):
            numbers = range(first, min(first + 2 * _PIECE, rows + 1), 2)
            insert_people(session, [_person(number, at) for number in numbers])
        person_id = int(session.scalar(select(func.min(Person.id))) or 0)
        account = Account(
            person_id=person_id,
            password_hash="-",
            created_at=at,
            password_changed_at=at,
        )
        session.add(account)
        session.flush()
        return Actor(account.id, person_id)


def _person(number: int, at: Any) -> dict[str, Any]:
    return {
        "id_number": id_number(number),
        "name": f"王{chr(0x4E00 + number % 5000)}",
        "sex": Sex.FEMALE if number % 999 % 2 else Sex.MALE,
        "born_on": date(1990, 1, 1),
        "region_code": REGION,
        "retirement_category": RetirementCategory.FEMALE_50,
        "deemed_months": 0,
        "registered_at": at,
    }


def _upload(sessions: sessionmaker[Session], file: Path, actor: Actor) -> int:
    with file.open("rb") as source, sessions.begin() as session:
        content = FileStore().keep(session, FileKind.SHEET, source, at=clock.now())
        filing, _is_new = open_sheet(
            session,
            1,
            FilingKind.HIRE,
            content=content,
            file_name=file.name,
            defaults={},
            actor=actor,
            at=clock.now(),
        )
        request_reading(session, filing, actor=actor, at=clock.now())
        return filing.id


def _count(sessions: sessionmaker[Session]) -> tuple[int, int]:
    with sessions() as session:
        counts = session.execute(
            select(FilingRow.state, func.count()).group_by(FilingRow.state)
        ).all()
    by_state: dict[RowState, int] = {state: int(count) for state, count in counts}
    return by_state.get(RowState.APPLIED, 0), by_state.get(RowState.REFUSED, 0)


def _time_reading(file: Path) -> float:
    started = time.perf_counter()
    for _rows in read_beside(file, FilingKind.HIRE, {}):
        pass
    return time.perf_counter() - started


def _time_openpyxl(file: Path) -> float:
    """Merely read every cell with the library that others use; a dependency of tests."""
    import openpyxl  # noqa: PLC0415 - not there where the office runs

    started = time.perf_counter()
    sheet = openpyxl.load_workbook(file, read_only=True).worksheets[0]
    for _row in sheet.iter_rows(values_only=True):
        pass
    return time.perf_counter() - started


def _megabytes(of_whom: int) -> float:
    return resource.getrusage(of_whom).ru_maxrss / (1 << 10)
