from datetime import date

import pytest

from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.year import load_year
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.registry.codes import Insurance
from tests import factories

ON = date(2026, 6, 15)


@pytest.fixture
def person(session):
    return factories.make_person(session)


@pytest.fixture
def employer(session):
    return factories.make_employer(session, name="甲公司")


def pension(session, person, year=2026):
    return load_year(session, person.id, year, on=ON).insurances[0]


def test_a_paid_month_shows_base_both_shares_and_the_employer(session, person, employer):
    factories.make_record(session, person, "2026-03", employer=employer)

    mark = load_year(session, person.id, 2026, on=ON).mark(Insurance.PENSION, "2026-03")

    assert mark.state is MarkState.PAID
    assert (mark.base_fen, mark.employer_fen, mark.employee_fen) == (1_000_000, 160_000, 80_000)
    assert mark.employer_name == "甲公司"


def test_a_year_has_five_insurances_of_twelve_months_in_their_order(session, person):
    record = load_year(session, person.id, 2026, on=ON)

    assert [line.insurance for line in record.insurances] == list(Insurance)
    assert [len(line.months) for line in record.insurances] == [12] * 5
    assert record.is_empty


def test_an_enrolled_month_that_is_over_without_a_record_is_missing(session, person, employer):
    factories.make_enrolment(session, person, employer=employer, from_month="2026-02")

    states = [mark.state for mark in pension(session, person).months]

    assert states[0] is MarkState.NOT_ENROLLED
    assert states[1:4] == [MarkState.MISSING] * 3
    # May has just ended: its levy is still to come.
    assert states[4:] == [MarkState.NOT_DUE] * 8


def test_months_after_the_enrolment_ended_are_not_asked_for(session, person, employer):
    factories.make_enrolment(session, person, employer=employer, to_month="2026-03")

    assert pension(session, person).months[3].state is MarkState.NOT_ENROLLED


def test_a_month_not_paid_is_unpaid_with_what_is_owed(session, person, employer):
    factories.make_record(session, person, "2026-03", employer=employer, paid_on=None)

    line = pension(session, person)

    assert line.months[2].state is MarkState.UNPAID
    assert line.unpaid_fen == 240_000
    assert line.months_paid == 0


def test_a_month_paid_later_is_marked_as_back_paid_and_counts(session, person, employer):
    factories.make_record(
        session, person, "2026-03", employer=employer, kind=RecordKind.BACK_PAYMENT
    )

    line = pension(session, person)

    assert line.months[2].state is MarkState.BACK_PAID
    assert line.months_paid == 1


def test_an_adjustment_adds_to_its_month_and_its_unpaid_part_shows(session, person, employer):
    factories.make_record(session, person, "2026-03", employer=employer)
    factories.make_record(
        session, person, "2026-03", employer=employer, kind=RecordKind.ADJUSTMENT,
        declared_base_fen=0, base_fen=20_000, employer_fen=3_200,
        employee_fen=1_600, account_fen=1_600, paid_on=None,
    )  # fmt: skip

    mark = pension(session, person).months[2]

    assert mark.state is MarkState.UNPAID
    assert (mark.base_fen, mark.employee_fen, mark.unpaid_fen) == (1_020_000, 81_600, 4_800)
    assert mark.employer_name == "甲公司"


def test_a_month_taken_back_entirely_is_missing(session, person, employer):
    factories.make_record(session, person, "2026-03", employer=employer)
    factories.make_record(
        session, person, "2026-03", employer=employer, kind=RecordKind.REVERSAL,
        declared_base_fen=-1_000_000, base_fen=-1_000_000,
        employer_fen=-160_000, employee_fen=-80_000, account_fen=-80_000,
    )  # fmt: skip

    line = pension(session, person)

    assert line.months[2].state is MarkState.MISSING
    assert (line.employer_fen, line.employee_fen, line.months_paid) == (0, 0, 0)


def test_totals_of_the_year_are_those_of_its_months(session, person, employer):
    for month in ("2026-01", "2026-02"):
        factories.make_record(session, person, month, employer=employer)
        factories.make_record(
            session, person, month, Insurance.MEDICAL, employer=employer,
            employer_fen=98_000, employee_fen=20_300, account_fen=0,
        )  # fmt: skip

    record = load_year(session, person.id, 2026, on=ON)

    assert (record.employer_fen, record.employee_fen) == (516_000, 200_600)


def test_other_years_and_other_people_do_not_count(session, person, employer):
    factories.make_record(session, person, "2025-12", employer=employer)
    factories.make_record(session, factories.make_person(session), "2026-01", employer=employer)

    assert load_year(session, person.id, 2026, on=ON).is_empty


def test_the_years_enrolments_name_region_employer_and_months(session, person, employer):
    factories.make_enrolment(
        session, person, employer=employer, from_month="2025-02", to_month="2026-03"
    )
    factories.make_enrolment(session, person, from_month="2026-04")

    first, second = load_year(session, person.id, 2026, on=ON).enrolments

    assert (first.region_code, first.employer_name) == (person.region_code, employer.name)
    assert (first.from_month, first.to_month) == ("2025-02", "2026-03")
    assert (second.employer_name, second.from_month, second.to_month) == ("", "2026-04", None)


def test_two_employers_in_one_month_are_both_named(session, person, employer):
    second = factories.make_employer(session, name="乙公司")
    for each in (employer, second):
        factories.make_record(session, person, "2026-03", Insurance.WORK_INJURY, employer=each)

    mark = load_year(session, person.id, 2026, on=ON).mark(Insurance.WORK_INJURY, "2026-03")

    assert mark.employer_name == "甲公司、乙公司"
    assert mark.employer_fen == 320_000


def adjust(session, person, employer, first, share, paid_on):
    """A later change of a month by so many fen of the employee's share, twice that of the employer's."""
    return factories.make_record(
        session, person, first.contribution_month, employer=employer, kind=RecordKind.ADJUSTMENT,
        declared_base_fen=0, base_fen=share * 12, employer_fen=share * 2,
        employee_fen=share, account_fen=share, paid_on=paid_on,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "state"),
    [(RecordKind.REGULAR, MarkState.PAID), (RecordKind.BACK_PAYMENT, MarkState.BACK_PAID)],
)
def test_a_month_whose_change_is_paid_as_well_is_paid(session, person, employer, kind, state):
    first = factories.make_record(session, person, "2026-03", employer=employer, kind=kind)
    adjust(session, person, employer, first, 1_600, date(2026, 5, 10))

    line = pension(session, person)

    assert (line.months[2].state, line.months[2].unpaid_fen) == (state, 0)
    assert (line.months_paid, line.unpaid_fen) == (1, 0)


def test_what_is_to_be_given_back_leaves_a_paid_month_paid(session, person, employer):
    first = factories.make_record(session, person, "2026-03", employer=employer)
    adjust(session, person, employer, first, -1_600, None)

    mark = pension(session, person).months[2]

    assert (mark.state, mark.unpaid_fen) == (MarkState.PAID, 0)
    assert mark.employee_fen == 78_400


def test_a_month_with_a_change_of_which_nothing_is_paid_owes_both(session, person, employer):
    first = factories.make_record(session, person, "2026-03", employer=employer, paid_on=None)
    adjust(session, person, employer, first, 1_600, None)

    mark = pension(session, person).months[2]

    assert (mark.state, mark.unpaid_fen) == (MarkState.UNPAID, 240_000 + 4_800)


def test_an_unpaid_month_lowered_to_less_is_not_paid(session, person, employer):
    first = factories.make_record(session, person, "2026-03", employer=employer, paid_on=None)
    adjust(session, person, employer, first, -1_600, None)

    mark = pension(session, person).months[2]

    assert (mark.state, mark.unpaid_fen) == (MarkState.UNPAID, 240_000 - 4_800)


def test_a_year_goes_from_january_to_december(session, person, employer):
    for month in ("2024-12", "2025-01", "2025-12", "2026-01"):
        factories.make_record(session, person, month, employer=employer)

    found = load_year(session, person.id, 2025, on=ON).insurances[0]

    assert [mark.month for mark in found.months if mark.base_fen] == ["2025-01", "2025-12"]
    assert (found.months_paid, found.latest.month) == (2, "2025-12")
