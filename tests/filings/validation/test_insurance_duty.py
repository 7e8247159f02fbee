"""A hire is measured by the duty to insure, and a second employer insures work injury."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.filings.labels import code_text, finding_text
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.filings.test_filing import ALL, MAN, TODAY, actor, codes, draft, hire, send

__all__ = ["actor", "draft", "send"]
FOUR = ["pension", "medical", "unemployment", "maternity"]


@pytest.fixture
def elsewhere(session):
    """The man of the rows works for another employer too, which insures him in everything."""
    person = factories.make_person(session, id_number=MAN, name="陈新")
    other = factories.make_employer(session, region_code="310000")
    factories.make_employment(session, person, other, hired_on=date(2025, 1, 6))
    for insurance in ALL:
        factories.make_enrolment(
            session,
            person,
            employer=other,
            insurance=insurance,
            region_code="310000",
            from_month="2025-01",
        )
    return person


def facts_of(row, code):
    return next(found["facts"] for found in row.findings if found["code"] == code)


def test_work_injury_alone_is_accepted_at_a_second_employer(
    session, employer, elsewhere, draft, send
):
    filing, [row] = draft("hire", hire(form="part_time", insurances=["work_injury"]))

    assert codes(row) == {"second_employer"}
    assert send(filing) == (1, 0, True)
    here = session.scalars(
        select(Enrolment.insurance).where(Enrolment.employer_id == employer.id)
    ).all()
    there = session.scalars(
        select(Enrolment).where(Enrolment.employer_id != employer.id, Enrolment.to_month.is_(None))
    ).all()
    assert [insurance.value for insurance in here] == ["work_injury"]
    assert len(there) == len(ALL)


def test_the_other_four_are_refused_at_a_second_employer_and_named(elsewhere, draft):
    _filing, [row] = draft("hire", hire(form="part_time"))

    assert row.state.value == "refused"
    assert facts_of(row, "enrolled_elsewhere") == {
        "insurances": [each for each in ALL if each != "work_injury"]
    }


def test_an_insurance_that_nobody_covers_elsewhere_is_accepted(session, draft):
    person = factories.make_person(session, id_number=MAN, name="陈新")
    other = factories.make_employer(session, region_code="310000")
    factories.make_enrolment(
        session, person, employer=other, insurance="pension", region_code="310000"
    )

    _filing, [row] = draft("hire", hire(insurances=["medical", "maternity"]))

    assert row.state.value == "good"
    assert "second_employer" in codes(row)


def test_ended_work_injury_of_another_employer_covers_nothing_here(session, draft):
    person = factories.make_person(session, id_number=MAN, name="陈新")
    other = factories.make_employer(session, region_code="310000")
    factories.make_enrolment(
        session,
        person,
        employer=other,
        insurance="work_injury",
        region_code="310000",
        to_month="2026-12",
    )

    _filing, [row] = draft("hire", hire())

    assert "covered_through" not in codes(row)


@pytest.mark.parametrize(
    ("hired_on", "start", "months"),
    [
        ("2026-11-02", "2026-11", None),
        ("2026-10-30", "2026-11", {"first_month": "2026-10", "last_month": "2026-10"}),
        ("2026-08-03", "2026-11", {"first_month": "2026-08", "last_month": "2026-10"}),
    ],
)
def test_months_between_hire_and_first_contribution_are_named(draft, hired_on, start, months):
    _filing, [row] = draft("hire", hire(hired_on=hired_on, start_month=start))

    assert row.state.value == "good"
    assert ("uncovered_months" in codes(row)) is (months is not None)
    if months:
        assert facts_of(row, "uncovered_months") == months


@pytest.mark.parametrize(
    ("hired_on", "days"), [("2026-10-25", None), ("2026-10-24", 1), ("2026-08-03", 83)]
)
def test_how_late_a_hire_is_is_counted_from_the_thirtieth_day(draft, hired_on, days):
    _filing, [row] = draft("hire", hire(hired_on=hired_on))

    assert row.is_late is (days is not None)
    assert row.state.value == "good"
    if days:
        assert facts_of(row, "late_hire")["days"] == days


@pytest.mark.parametrize(
    ("form", "insurances", "missing"),
    [
        ("full_time", ["pension"], ["medical", "unemployment", "work_injury", "maternity"]),
        ("dispatch", FOUR, ["work_injury"]),
        ("full_time", ALL, None),
        ("part_time", ["work_injury"], None),
        ("part_time", ["pension"], ["work_injury"]),
    ],
)
def test_owed_insurances_that_are_missing_are_named_and_accepted(draft, form, insurances, missing):
    _filing, [row] = draft("hire", hire(form=form, insurances=insurances))

    assert row.state.value == "good"
    assert ("missing_insurance" in codes(row)) is (missing is not None)
    if missing:
        there = facts_of(row, "missing_insurance")["insurances"]
        # Where maternity is collected with medical, medical covers it.
        assert there == [each for each in missing if each in there]
        assert set(missing) - set(there) <= {"maternity"}


@pytest.mark.parametrize(("below", "is_named"), [(1, True), (0, False)])
def test_a_wage_below_the_minimum_wage_is_named(session, draft, below, is_named):
    row = packs_in_force(session).parameters("310000", "2026-11").minimum_wage()
    assert row is not None
    minimum = row.values["month"]

    _filing, [full] = draft("hire", hire(wage_fen=minimum - below))
    part = hire(wage_fen=minimum - below, form="part_time", start_month="2026-12")
    _filing, [partial] = draft("hire", part)

    assert full.state.value == "good"
    assert ("below_minimum_wage" in codes(full)) is is_named
    assert "below_minimum_wage" not in codes(partial)


@pytest.mark.parametrize("insurances", [ALL, ["pension"]])
def test_interns_have_work_injury_alone_or_nothing(draft, insurances):
    _filing, [row] = draft("hire", hire(form="intern", insurances=insurances))

    assert row.state.value == "refused"
    assert codes(row) & {"work_injury_alone", "no_regional_rule"}


@pytest.mark.parametrize("month", ["1900-01", "1957-02", "1999-12", "2011-06"])
def test_months_before_the_rules_are_refused_and_not_reckoned(draft, month):
    number = factories.make_id_number(date(1890, 5, 1), serial=7001)
    row = hire(hired_on=f"{month}-01", start_month=month, id_number=number)

    _filing, [row] = draft("hire", row)

    assert facts_of(row, "month_too_early") == {"month": month}
    assert row.state.value == "refused"


def test_the_first_month_of_the_rules_is_accepted(draft):
    _filing, [row] = draft("hire", hire(hired_on="2011-07-01", start_month="2011-07"))

    assert row.state.value == "good"
    assert "month_too_early" not in codes(row)


@pytest.mark.parametrize("days", [1, 2])
def test_days_are_counted_in_words_that_agree(app, days):
    found = {"code": "late_hire", "facts": {"day": "2026-10-24", "days": days}}

    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert f", {days} day{'s' if days > 1 else ''} ago." in finding_text(found)
        assert "…" in code_text("late_hire")


def test_every_finding_reads_as_a_sentence(app, draft, elsewhere):
    _filing, [row] = draft(
        "hire", hire(hired_on="2026-08-03", insurances=["pension"], wage_fen=100)
    )

    with app.test_request_context(headers={"Accept-Language": "en"}):
        sentences = {found["code"]: finding_text(found) for found in row.findings}

    assert "August 2026 to October 2026" in sentences["uncovered_months"]
    assert "Medical insurance" in sentences["missing_insurance"]
    assert "Pension insurance" in sentences["enrolled_elsewhere"]
    assert "CNY 1.00" in sentences["below_minimum_wage"]
    assert "83 days ago" in sentences["late_hire"]
    assert date(2026, 11, 24) == TODAY
