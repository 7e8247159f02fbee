"""How a month looks, and from when to when a year is asked about."""

from datetime import date

import pytest

from siweb.ledgers.account.years import load_account_years
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.month import load_month
from siweb.ledgers.record.monthly_statements import PAGE, load_months
from siweb.ledgers.record.year import EnrolmentSpan, load_year, mark_of, state_of
from siweb.ledgers.record.years import load_years
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.packs.in_force import packs_in_force
from tests import factories

ON = date(2026, 6, 15)
REGULAR, BACK, ADJUSTMENT = RecordKind.REGULAR, RecordKind.BACK_PAYMENT, RecordKind.ADJUSTMENT
PAID, UNPAID, MISSING = MarkState.PAID, MarkState.UNPAID, MarkState.MISSING


@pytest.mark.parametrize(
    ("rows", "sums", "state"),
    [
        # Base, the employer's share, the own share, and what of them is not paid.
        ([(REGULAR, True), (ADJUSTMENT, True)], (0, 0, 0, 0), MISSING),
        ([(REGULAR, False), (ADJUSTMENT, False)], (0, 0, 0, 0), MISSING),
        ([(REGULAR, True), (ADJUSTMENT, True)], (1, 0, 0, 0), PAID),
        ([(REGULAR, True), (ADJUSTMENT, True)], (0, 1, 0, 0), PAID),
        ([(REGULAR, True), (ADJUSTMENT, True)], (0, 0, 1, 0), PAID),
        ([(REGULAR, True), (ADJUSTMENT, False)], (9, 9, 9, 1), UNPAID),
        ([(REGULAR, True), (ADJUSTMENT, False)], (9, 9, 9, 0), PAID),
        ([(REGULAR, True), (ADJUSTMENT, False)], (9, 9, 9, -1), PAID),
        ([(REGULAR, False), (ADJUSTMENT, False)], (9, 9, 9, 0), UNPAID),
        ([(REGULAR, True), (BACK, True)], (9, 9, 9, 0), MarkState.BACK_PAID),
        ([(BACK, True), (ADJUSTMENT, True)], (9, 9, 9, 0), MarkState.BACK_PAID),
    ],
)
def test_how_a_month_of_several_rows_looks(rows, sums, state):
    assert state_of(rows, *sums) is state


def test_one_row_is_what_it_is_even_without_amounts():
    row = ("pension", "2026-03", REGULAR, 0, 0, 0, 0, 0, "2026-03-20", None)

    assert mark_of([row], "2026-03") == ("2026-03", PAID, 0, 0, 0, 0, 0, 0, "")
    owed = (*row[:5], 5, 3, 2, None, "甲公司")
    assert mark_of([owed], "2026-03")[1:] == (UNPAID, 0, 0, 5, 3, 2, 8, "甲公司")


def test_an_enrolment_covers_its_first_and_its_last_month():
    span = EnrolmentSpan(Insurance.PENSION, Scheme.EMPLOYEE, "310000", "", "2026-02", "2026-04")
    months = [f"2026-0{number}" for number in range(1, 6)]

    assert [span.covers(month) for month in months] == [False, True, True, True, False]
    assert span._replace(to_month=None).covers("2030-01")


def test_of_a_year_the_last_base_and_the_states_of_some_months_are_told(session):
    person = factories.make_person(session)
    factories.make_enrolment(session, person, from_month="2026-01", to_month="2026-05")
    for month, base in (("2026-02", 700_000), ("2026-03", 900_000)):
        factories.make_record(session, person, month, base_fen=base)
    factories.make_record(session, person, "2026-04", base_fen=0)

    year = load_year(session, person.id, 2026, on=ON)
    line = year.insurances[0]

    assert line.latest.month == "2026-03"
    assert year.insurances[1].latest is None
    assert year.mark(Insurance.PENSION, "2026-01").state is MISSING
    assert line.months[5].state is MarkState.NOT_ENROLLED
    assert [span.employer_name for span in year.enrolments] == [""]


def test_the_years_run_from_the_first_enrolment_to_the_last_and_not_beyond_this_one(session):
    person = factories.make_person(session)
    spans = [("2019-05", "2020-01"), ("2022-12", "2022-12"), ("2025-02", "2028-03")]
    for first, last in spans:
        factories.make_enrolment(session, person, from_month=first, to_month=last)
    open_since = factories.make_person(session)
    factories.make_enrolment(session, open_since, from_month="2025-02")
    for year in (2024, 2021, 2024):
        factories.make_account_entry(session, person, year, EntryKind.CREDIT, 1)

    years = [line.year for line in load_years(session, person.id, on=ON).lines]

    assert years == [2026, 2025, 2022, 2020, 2019]
    assert [line.year for line in load_years(session, open_since.id, on=ON).lines] == [2026, 2025]
    assert load_account_years(session, person.id).years == [2021, 2024]


def test_only_work_injury_has_an_entry_for_each_employer(session):
    person = factories.make_person(session)
    first, second = (factories.make_employer(session, name=name) for name in ("甲公司", "乙公司"))
    for insurance in (Insurance.PENSION, Insurance.WORK_INJURY):
        for employer in (first, second):
            factories.make_record(session, person, "2026-03", insurance, employer=employer)
    factories.make_record(session, person, "2026-03", Insurance.MEDICAL)
    factories.make_record(
        session, person, "2026-03", Insurance.MEDICAL, employer_fen=1, employee_fen=2, paid_on=None
    )
    factories.make_enrolment(
        session, person, Insurance.MATERNITY, employer=first, from_month="2026-03"
    )
    packs = packs_in_force(session)

    month = load_month(session, person.id, "2026-03", packs, on=ON)

    shape = [(line.insurance, line.place, len(line.rows)) for line in month.lines]
    assert shape == [
        (Insurance.PENSION, 1, 2),
        (Insurance.MEDICAL, 1, 2),
        (Insurance.UNEMPLOYMENT, 1, 0),
        (Insurance.WORK_INJURY, 1, 1),
        (Insurance.WORK_INJURY, 2, 1),
        (Insurance.MATERNITY, 1, 0),
    ]
    assert [employer.name for employer in month.employers] == ["甲公司", "乙公司"]
    assert (month.employer_fen, month.employee_fen, month.unpaid_fen) == (800_001, 400_002, 3)
    schemes = {line.insurance: line.scheme for line in month.lines if not line.rows}
    assert schemes == {Insurance.UNEMPLOYMENT: None, Insurance.MATERNITY: Scheme.EMPLOYEE}
    before = load_month(session, person.id, "2026-02", packs, on=ON)
    assert [line.scheme for line in before.lines] == [None] * 5


def test_months_are_listed_newest_first_and_page_by_page(session):
    person, employer = factories.make_person(session), factories.make_employer(session)
    months = [f"{2000 + number // 12}-{number % 12 + 1:02}" for number in range(PAGE)]
    for month in months:
        factories.make_record(session, person, month, employer=employer)

    whole = load_months(session, person.id)
    factories.make_record(session, person, "2030-01", paid_on=None)
    first, second = (load_months(session, person.id, page=page) for page in (1, 2))

    assert ([row.month for row in whole[0]], whole[1]) == (months[::-1], False)
    assert ([row.month for row in first[0]], first[1]) == (["2030-01", *months[:0:-1]], True)
    assert ([row.month for row in second[0]], second[1]) == (months[:1], False)
    assert first[0][0][1:] == (None, 1_000_000, 160_000, 80_000, 240_000, "")
    assert (first[0][1].employer_name, first[0][1].unpaid_fen) == (employer.name, 0)


def test_the_base_of_a_month_is_what_its_corrections_add_up_to(session):
    person, employer = factories.make_person(session), factories.make_employer(session)
    lower = {"kind": RecordKind.ADJUSTMENT, "declared_base_fen": -300_000, "base_fen": -300_000}
    for insurance in (Insurance.PENSION, Insurance.MEDICAL):
        for values in ({}, lower):
            factories.make_record(
                session, person, "2026-03", insurance, employer=employer, **values
            )

    [month] = load_months(session, person.id)[0]

    assert (month.declared_base_fen, month.employer_fen) == (700_000, 4 * 160_000)


def test_what_is_not_there_is_not_named_on_the_page_of_a_year(owner, session, person, employer):
    factories.make_record(session, person, "2025-11", employer=employer)
    session.commit()

    page = owner.get("/record/2025").text

    assert "Of it not paid yet" not in page
    assert page.count("last base") == 1
