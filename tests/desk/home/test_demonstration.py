"""The demonstration has cases in different states for the desk and for both employers."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.hire_report import HireReport, ReportState
from siweb.demo.plan import Plan
from siweb.demo.seed import seed

ON = date(2026, 11, 24)


def test_one_case_waits_for_an_answer_and_one_for_a_decision(session, tmp_path):
    seed(session, Plan(ON, people=40, employers=5), tmp_path, at=datetime(2026, 11, 24, tzinfo=UTC))

    first, second = session.scalars(select(Assessment).order_by(Assessment.id)).all()

    assert first.heard_at is None
    assert first.hearing_until >= ON
    assert second.employer_statement
    assert {one.state for one in session.scalars(select(HireReport))} == {
        ReportState.OPEN,
        ReportState.CASE_OPENED,
    }
