"""The sheet of the yearly base comes with the roster, and is read as it is sent back."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from siweb.filings.employers.base_rows import months_worked
from siweb.filings.sheets.template import BESIDE
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.jobs.worker import run_next_job
from siweb.registry.tables.declared_base import DeclaredBase
from tests import factories


@pytest.mark.parametrize(
    ("hired_on", "months"),
    [
        (date(2024, 5, 6), 12),
        (date(2025, 1, 1), 12),
        (date(2025, 12, 31), 1),
        (date(2026, 1, 1), 0),
    ],
)
def test_months_worked(hired_on, months):
    assert months_worked(hired_on, 2025) == months


@pytest.fixture
def staff(session, employer):
    """One who is insured, with a base, and one who left."""
    stays, left = (factories.make_person(session, name=name) for name in ("张伟", "李静"))
    factories.make_employment(session, stays, employer, hired_on=date(2025, 4, 1))
    factories.make_employment(
        session, left, employer, hired_on=date(2020, 1, 1), ended_on=date(2026, 1, 31)
    )
    factories.make_enrolment(session, stays, employer=employer, from_month="2025-04")
    base = DeclaredBase(
        person_id=stays.id,
        employer_id=employer.id,
        region_code=employer.region_code,
        from_month="2025-04",
        declared_base_fen=800_050,
        origin="filing_hire",
        declared_at=factories.AT,
    )
    session.add(base)
    session.commit()
    return stays


def test_it_goes_out_with_the_roster_and_comes_back(
    browser, session, sessions, settings, employer, staff, act_as
):
    act_as("filer")
    home = f"/employer/{employer.uscc}/sheets/base"
    assert f"{home}/roster.xlsx" in browser.get(home).get_data(as_text=True)

    book = openpyxl.load_workbook(BytesIO(browser.get(f"{home}/roster.xlsx").data))
    sheet = book["名单"]
    headings = [cell.value.rstrip("*") for cell in sheet[1]]
    row = dict(zip(headings, (cell.value for cell in sheet[2]), strict=True))
    assert sheet.max_row == 2
    assert (row["姓名"], row["上年工作月数"], row[BESIDE]) == ("张伟", "9", "8000.50")

    sheet.cell(2, headings.index("上年工资总额") + 1).value = 90_000
    filled = BytesIO()
    book.save(filled)
    sent = {"file": (BytesIO(filled.getvalue()), "base.xlsx")}
    assert browser.post(home, data=sent).status_code == 303
    while run_next_job(sessions, "w", secret=settings.signing_key()):
        pass

    session.expire_all()
    [found] = session.scalars(select(FilingRow)).all()
    assert (found.state, found.person_id) == (RowState.GOOD, staff.id), found.findings
    assert found.row_values["wage_fen"] == 1_000_000


def test_who_only_looks_does_not_get_it(browser, employer, act_as):
    act_as("viewer")

    assert browser.get(f"/employer/{employer.uscc}/sheets/base/roster.xlsx").status_code == 404
