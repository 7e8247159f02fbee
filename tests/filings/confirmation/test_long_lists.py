"""A long list is applied as a short one is, in steps that grow as its rows do."""

from datetime import date

import pytest
from sqlalchemy import text

from siweb.db.statistics import collect_statistics
from tests import factories
from tests.filings.test_filing import actor, draft, hire, of, person, send

# The fixtures of the file beside.
__all__ = ["actor", "draft", "person", "send"]

TABLES = {
    "person": "id, mobile, retirement_category",
    "employment": "person_id, hired_on, ended_on, end_reason, form, declared_name",
    "enrolment": "person_id, insurance, from_month, sequence, employer_id, to_month",
    "enrolment_claim": "person_id, insurance, employer_id",
    "declared_base": "person_id, from_month, declared_base_fen, origin",
    "enrolment_before": "position, person_id, insurance, from_month, is_gone",
    "employment_before": "position, hired_on, form, declared_name",
    "person_before": "position, had_no_mobile, retirement_category",
}
FILINGS = [
    ("hire", {"hired_on": "2026-11-02", "start_month": "2026-11", "mobile": "13800138000"}),
    ("change", {"new_name": "张玮", "wage_fen": 910_000, "start_month": "2026-11"}),
    ("change", {"retirement_category": "female50"}),
    ("pause", {"stop_month": "2026-11"}),
    ("resume", {"start_month": "2026-12", "wage_fen": 920_000}),
    (
        "leave",
        {
            "is_voluntary": "no",
            "ended_on": "2026-12-01",
            "end_reason": "expired",
            "stop_month": "2026-12",
        },
    ),
]


def register(session):
    """What the register says in each table, whatever its numbers."""
    found = {}
    for table, columns in TABLES.items():
        rows = session.execute(text(f"SELECT {columns} FROM {table}"))
        found[table] = sorted(map(str, rows))
    return found


@pytest.fixture
def apply_all(session, employer, draft, send):
    """Apply one filing of each kind, and return what became of the register."""
    somebody = factories.make_person(
        session, id_number=factories.make_id_number(serial=7002), region_code="310000"
    )
    factories.make_enrolment(session, somebody, insurance="pension", from_month="2025-01")

    def applied():
        for kind, given in FILINGS:
            row = hire(**of(somebody)) | given if kind == "hire" else of(somebody, **given)
            filing, [checked] = draft(kind, row)
            assert send(filing)[:2] == (1, 0), checked.findings
        return register(session)

    return applied


def test_it_comes_to_the_same(session, apply_all, monkeypatch):
    with session.begin_nested() as attempt:
        short = apply_all()
        attempt.rollback()
    monkeypatch.setattr("siweb.filings.confirmation.accepted_rows.MANY_ROWS", 0)

    assert apply_all() == short


def test_the_first_long_list_of_an_office_is_not_compared_row_by_row(
    session, employer, draft, send
):
    """What is empty when it is looked at, and full a moment later, is not gone over each time."""
    people = [
        factories.make_id_number(date(1990, 5, 1), serial=2 * number + 1) for number in range(250)
    ]
    filing, _rows = draft("hire", *(hire(id_number=number) for number in people))
    collect_statistics(session)

    assert send(filing)[:2] == (len(people), 0)

    if session.get_bind().dialect.name == "postgresql":
        read = text(
            "SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables"
            " WHERE relname IN ('enrolment', 'enrolment_claim', 'employment', 'accepted')"
        )
        most = {name: count for name, count in session.execute(read) if count > 20 * len(people)}
        assert not most
