"""Months put into the register and taken out of it: the payer's own, the person's, and no others."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.collection.corrections.record.correction import (
    Correction,
    CorrectionKind,
    CorrectionRefused,
)
from siweb.collection.corrections.record.enrolments import is_enrolled, put_in, take_out
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from tests import factories

HERE, THERE = "310000", "110000"
PENSION, MEDICAL, INJURY = Insurance.PENSION, Insurance.MEDICAL, Insurance.WORK_INJURY
FIRST, LAST = "2026-03", "2026-06"


@pytest.fixture
def engine(sqlite_engine):
    """Which rows change is the same on either database."""
    return sqlite_engine


@pytest.fixture
def person(session):
    factories.make_region(session, THERE)
    return factories.make_person(session, region_code=HERE)


@pytest.fixture
def firm(session):
    return factories.make_employer(session, name="甲公司", region_code=HERE)


@pytest.fixture
def other(session):
    return factories.make_employer(session, name="乙公司", region_code=HERE)


@pytest.fixture
def enrol(session, person, firm):
    def enrol(from_month, to_month=None, *, whose=person, at=firm, insurance=PENSION, **values):
        return factories.make_enrolment(
            session, whose, insurance, employer=at, from_month=from_month, to_month=to_month,
            **values,
        )  # fmt: skip

    return enrol


@pytest.fixture
def correction(person, firm):
    def correction(kind=CorrectionKind.MISSING, insurances=(PENSION,), payer=firm, **values):
        given = {
            "kind": kind, "person_id": person.id, "region_code": HERE, "first_month": FIRST,
            "last_month": LAST, "insurances": insurances, "employer_id": payer and payer.id,
            "to_employer_id": None, "declared_base_fen": None, "due_on": date(2026, 12, 15),
            "is_offices_mistake": False,
        }  # fmt: skip
        return Correction(**(given | values))

    return correction


def spans(session, whose):
    rows = session.scalars(select(Enrolment).where(Enrolment.person_id == whose.id))
    return sorted(
        (row.insurance.value, row.employer_id or 0, row.from_month, row.to_month or "")
        for row in rows
    )


def claims(session, whose):
    rows = session.scalars(select(EnrolmentClaim).where(EnrolmentClaim.person_id == whose.id))
    return sorted((row.insurance.value, row.employer_id) for row in rows)


def test_only_the_months_that_are_missing_are_put_in(session, person, firm, enrol, correction):
    enrol("2026-01", "2026-03")
    enrol("2026-05", "2026-05")
    enrol("2026-01", whose=factories.make_person(session))

    assert put_in(session, correction(), ())
    assert spans(session, person) == [
        ("pension", firm.id, "2026-01", "2026-03"), ("pension", firm.id, "2026-04", "2026-04"),
        ("pension", firm.id, "2026-05", "2026-05"), ("pension", firm.id, "2026-06", "2026-06"),
    ]  # fmt: skip
    # Asked for again, the same correction adds nothing; nothing of it is open.
    assert not put_in(session, correction(), (PENSION,))
    assert claims(session, person) == []


@pytest.mark.parametrize("payer", ["employer", "nobody"])
def test_what_runs_on_is_open_and_claimed_and_the_rest_ends(
    session, person, firm, correction, payer
):
    at = firm if payer == "employer" else None
    given = correction(insurances=(PENSION, MEDICAL), payer=at)

    assert put_in(session, given, (PENSION,))

    key = firm.id if at else 0
    assert spans(session, person) == [
        ("medical", key, FIRST, LAST), ("pension", key, FIRST, ""),
    ]  # fmt: skip
    assert claims(session, person) == [("pension", 0)]
    schemes = set(session.scalars(select(Enrolment.scheme)))
    assert schemes == {Scheme.EMPLOYEE if at else Scheme.FLEXIBLE}


def test_only_the_last_span_runs_on(session, person, firm, enrol, correction):
    enrol("2026-06", "2026-06")

    put_in(session, correction(), (PENSION,))

    assert spans(session, person) == [
        ("pension", firm.id, FIRST, "2026-05"), ("pension", firm.id, LAST, LAST),
    ]  # fmt: skip
    assert claims(session, person) == []


@pytest.mark.parametrize(
    ("values", "is_refused"),
    [
        ({"from_month": "2026-01", "to_month": FIRST}, True),
        ({"from_month": LAST}, True),
        ({"from_month": "2026-04", "to_month": "2026-04", "at": None}, True),
        ({"from_month": "2026-04", "to_month": "2026-04", "region_code": THERE}, True),
        ({"from_month": "2026-01", "to_month": "2026-02"}, False),
        ({"from_month": "2026-07", "to_month": "2026-08"}, False),
        ({"from_month": "2026-04", "insurance": MEDICAL}, False),
        # Work injury is each employer's own.
        ({"from_month": "2026-01", "insurance": INJURY}, False),
    ],
    ids=str,
)
def test_nobody_is_insured_twice_in_one_of_the_months(
    session, person, firm, other, enrol, correction, values, is_refused
):
    given = {"at": other} | values
    if "region_code" in values:
        given["at"] = firm
    enrol(**given)
    insurance = INJURY if values.get("insurance") is INJURY else PENSION

    if is_refused:
        with pytest.raises(CorrectionRefused, match="insured_elsewhere"):
            put_in(session, correction(insurances=(insurance,)), ())
        return
    assert put_in(session, correction(insurances=(insurance,)), ())
    assert (insurance.value, firm.id, FIRST, LAST) in spans(session, person)


@pytest.mark.parametrize(
    ("from_month", "to_month", "until_now", "left", "ended"),
    [
        ("2026-01", None, False, [("2026-01", "2026-02"), ("2026-07", "")], set()),
        ("2026-01", None, True, [("2026-01", "2026-02")], {PENSION}),
        (FIRST, LAST, False, [], set()),
        (FIRST, "2026-07", True, [("2026-07", "2026-07")], set()),
        ("2026-04", LAST, False, [], set()),
        ("2026-02", "2026-03", False, [("2026-02", "2026-02")], set()),
    ],
)
def test_what_lies_before_and_behind_the_months_stays(
    session, person, firm, enrol, correction, from_month, to_month, until_now, left, ended
):
    enrol(from_month, to_month)
    given = correction(CorrectionKind.NOT_INSURED)

    assert take_out(session, given, is_until_now=until_now) == (True, ended)

    assert spans(session, person) == [("pension", firm.id, *each) for each in left]
    assert claims(session, person) == ([("pension", 0)] if ("2026-07", "") in left else [])


def test_others_and_other_payers_months_are_not_taken_out(
    session, person, firm, other, enrol, correction
):
    stranger = factories.make_person(session)
    enrol(FIRST, LAST, whose=stranger)
    enrol(FIRST, LAST, at=other)
    enrol(FIRST, LAST, insurance=MEDICAL)
    enrol("2026-01", "2026-02")
    enrol("2026-07", "2026-08")
    before = spans(session, person), spans(session, stranger)
    given = correction(CorrectionKind.NOT_INSURED)

    assert take_out(session, given, is_until_now=False) == (False, set())

    assert (spans(session, person), spans(session, stranger)) == before


def test_under_which_keys_somebody_is_enrolled_with_the_payer(
    session, person, firm, other, enrol, correction
):
    moved = correction(CorrectionKind.EMPLOYER, payer=other, to_employer_id=firm.id)
    assert is_enrolled(session, moved) == []
    enrol(FIRST, FIRST, insurance=MEDICAL)
    enrol(LAST, insurance=INJURY)
    assert is_enrolled(session, moved) == [person.id]
    assert is_enrolled(session, correction(payer=other)) == []
    assert is_enrolled(session, correction(region_code=THERE)) == []
