"""The short way to a year's page says what the long way says, on both databases."""

from datetime import date
from random import Random

import pytest

from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record import year_sheet
from siweb.ledgers.record.year import load_year
from siweb.ledgers.record.year_sheet import load_sheet
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.registry.codes import Insurance
from tests import factories

ON = date(2026, 6, 15)


@pytest.fixture
def any_year(session, person, employer):
    """Months with no row, one or several, of any kind and amount, paid or not."""

    def make(seed):
        chance = Random(seed)
        for insurance in list(Insurance)[: chance.randint(0, 5)]:
            factories.make_enrolment(
                session, person, insurance, employer=employer, from_month="2026-02"
            )
            for number in range(1, 13):
                for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
                    factories.make_record(
                        session,
                        person,
                        f"2026-{number:02}",
                        insurance,
                        employer=employer,
                        kind=chance.choice(list(RecordKind)),
                        base_fen=chance.choice((0, 500_000, -500_000)),
                        employer_fen=chance.choice((0, 80_000, -80_000)),
                        employee_fen=chance.choice((0, 40_000, -40_000)),
                        paid_on=chance.choice((None, date(2026, 6, 1))),
                    )

    return make


@pytest.mark.parametrize("seed", range(12))
def test_states_and_sums_are_those_of_the_whole_record(session, person, any_year, seed):
    any_year(seed)

    sheet = load_sheet(session.connection(), person.id, 2026, on=ON)
    record = load_year(session, person.id, 2026, on=ON)

    assert [line.states for line in sheet.lines] == [
        tuple(mark.state for mark in line.months) for line in record.insurances
    ]
    assert sheet[2:5] == (record.employer_fen, record.employee_fen, record.unpaid_fen)
    assert (sheet.states, sheet.is_empty) == (record.states, record.is_empty)


@pytest.mark.parametrize("seed", range(12))
def test_a_line_has_the_sums_of_its_insurance(session, person, any_year, seed):
    any_year(seed)

    sheet = load_sheet(session.connection(), person.id, 2026, on=ON)
    record = load_year(session, person.id, 2026, on=ON)

    assert [line[2:] for line in sheet.lines] == [
        (
            line.months_paid,
            line.latest.base_fen if line.latest else 0,
            line.employer_fen,
            line.employee_fen,
            line.unpaid_fen,
        )
        for line in record.insurances
    ]


def test_another_persons_rows_and_other_years_are_not_in_it(session, person, employer):
    factories.make_record(session, person, "2025-12", employer=employer)
    factories.make_record(session, factories.make_person(session), "2026-01", employer=employer)

    sheet = load_sheet(session.connection(), person.id, 2026, on=ON)

    assert sheet.states == {MarkState.NOT_ENROLLED}


def test_the_years_beside_are_known_from_the_one_that_is_read(session, person, employer):
    """Else each page of a year would ask once more which year comes before and after it."""
    for month in ("2024-11", "2025-12", "2026-01", "2026-12", "2027-01", "2028-01"):
        factories.make_record(session, person, month, employer=employer)

    def beside(year):
        return year_sheet._load(session.connection(), person.id, year, ON)[1]

    assert (beside(2026), beside(2027)) == ({2025, 2027}, {2026, 2028})
    assert beside(2030) == set()
