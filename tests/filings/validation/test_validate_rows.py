"""Which person a row is kept with, and what of it was tried before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, Finding
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.tables.stranger_count import StrangerCount
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_rows import AGREEING, FREE, ReadRow, Strangers, validate_rows
from siweb.registry.codes import EmployerStatus, Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from tests import factories
from tests.conftest import NOW

ALL = [each.value for each in Insurance]
TODAY = NOW.date()


@pytest.fixture
def terms(session, employer):
    packs = packs_in_force(session)
    return Terms(employer.id, "310000", EmployerStatus.ACTIVE, packs, TODAY)


def hire(person, **more):
    return {
        "id_number": person.id_number, "name": person.name, "hired_on": "2026-11-02",
        "start_month": "2026-11", "wage_fen": 900_000, "insurances": ALL,
    } | more  # fmt: skip


@pytest.fixture
def kept(session, terms):
    def kept(kind, *rows, **more):
        read = [ReadRow(place, row, **more) for place, row in enumerate(rows, 1)]
        return validate_rows(session, FilingKind(kind), read, terms)

    return kept


def test_a_row_is_kept_with_the_person_as_far_as_its_filer_may_know(session, employer, kept):
    employee, stranger = (
        factories.make_person(session, name=name, region_code="310000") for name in ("甲", "乙")
    )
    factories.make_employment(session, employee, employer)
    unknown = factories.make_person(session).id_number[:-4] + "0000"

    rows = [
        kept("hire", hire(stranger))[0],
        kept("hire", hire(stranger, name="丙"))[0],
        kept("hire", hire(stranger, wage_fen=None))[0],
        kept("pause", hire(stranger, stop_month="2026-11"))[0],
        kept("pause", hire(employee, stop_month="2026-11", name="丙"))[0],
        kept("pause", {"id_number": unknown, "name": "丁", "stop_month": "2026-11"})[0],
    ]

    assert [row["person_id"] for row in rows] == [
        stranger.id, None, None, None, employee.id, None,
    ]  # fmt: skip
    assert [row["position"] for row in rows] == [1] * 6
    # Nothing is said of a stranger but that name and number do not agree.
    assert [found["code"] for found in rows[1]["findings"]] == ["name_disagrees"]
    assert rows[0]["state"] is RowState.GOOD
    assert rows[1]["state"] is RowState.REFUSED


def test_what_was_applied_in_whatever_filing_says_that_alone(session, employer, kept):
    person = factories.make_person(session, region_code="310000")
    (row,) = kept("hire", hire(person))
    filing = Filing(
        reference="APPLIED1", employer_id=employer.id, kind=FilingKind.HIRE, origin="form",
        opened_at=NOW,
    )  # fmt: skip
    session.add(filing)
    session.flush()
    there = FilingRow(**row, filing_id=filing.id, region_code="310000")
    for state in (RowState.GOOD, RowState.WITHDRAWN):
        there.state = state
        session.add(there)
        session.flush()
        assert kept("hire", hire(person))[0]["state"] is RowState.GOOD
    there.state = RowState.APPLIED
    session.flush()

    (again,) = kept("hire", hire(person, wage_fen=1))

    assert [found["code"] for found in again["findings"]] == ["applied_before"]
    assert kept("hire", hire(person, start_month="2026-12"))[0]["state"] is RowState.GOOD


def test_what_could_not_be_read_is_judged_by_its_number_alone(session, kept):
    person = factories.make_person(session, region_code="310000")
    unread = Finding("cell_money", ERROR, {"field": "wage_fen", "text": "八千"})

    (good,) = kept("hire", hire(person, wage_fen=None, name="别人"), findings=[unread])
    (wrong,) = kept("hire", hire(person, wage_fen=None, id_number="1"), findings=[unread])
    (none,) = kept("hire", hire(person, wage_fen=None, id_number=""), findings=[unread])

    assert [found["code"] for found in good["findings"]] == ["cell_money"]
    assert [found["code"] for found in wrong["findings"]] == ["cell_money", "id_length"]
    assert [found["code"] for found in none["findings"]] == ["cell_money", "cell_missing"]


@pytest.mark.parametrize(
    ("kind", "given", "present"),
    [
        ("base", {"start_month": "2026-07"}, 800_000),
        ("change", {"start_month": "2026-11"}, 800_000),
        ("change", {"start_month": "2026-11", "present_fen": 5}, 5),
        ("pause", {"stop_month": "2026-11"}, None),
    ],
)
def test_what_is_declared_is_compared_with_what_counts_so_far(
    session, employer, kept, kind, given, present
):
    person = factories.make_person(session, region_code="310000")
    factories.make_employment(session, person, employer)
    factories.make_enrolment(session, person, employer=employer)
    session.add(
        DeclaredBase(
            person_id=person.id, employer_id=employer.id, region_code="310000",
            from_month="2025-01", declared_base_fen=800_000, origin="filing_hire",
            declared_at=NOW,
        )
    )  # fmt: skip
    session.flush()

    (row,) = kept(kind, hire(person) | given)

    assert row["row_values"].get("present_fen") == present


def test_names_that_did_not_agree_are_counted_by_day_and_employer(session, employer, terms):
    other = factories.make_employer(session)
    for at, on, agreed, disagreed in (
        (employer, TODAY, AGREEING - 1, FREE), (employer, TODAY - timedelta(days=1), 0, 99),
        (other, TODAY, 0, 99),
    ):  # fmt: skip
        session.add(StrangerCount(employer_id=at.id, on=on, agreed=agreed, disagreed=disagreed))
    session.flush()
    first, second = Strangers(session, terms), Strangers(session, terms)

    assert not first.is_exhausted
    first.count(agrees=False, is_again=True)
    assert not first.is_exhausted
    first.count(agrees=False)
    assert first.is_exhausted
    # One more that agrees lets one more disagree.
    first.count(agrees=True)
    assert not first.is_exhausted
    first.keep()
    first.keep()
    second.count(agrees=False)
    second.keep()

    rows = session.execute(
        select(StrangerCount.employer_id, StrangerCount.agreed, StrangerCount.disagreed).order_by(
            StrangerCount.employer_id
        )
    ).all()
    assert rows == [(employer.id, AGREEING, FREE + 2), (other.id, 0, 99)]
    assert Strangers(session, terms).is_exhausted
