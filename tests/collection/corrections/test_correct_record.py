"""A record is set right by rows that are added, and set back it comes to what it was."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from siweb.audit.actor import SYSTEM
from siweb.collection.corrections.record.correct import correct_record
from siweb.collection.corrections.record.correction import Correction, CorrectionRefused
from siweb.collection.corrections.record.effect import Effect
from siweb.collection.payments.late_fee import late_fee_on
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.record_correction import CorrectionKind
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.collection.levy.test_adjust import balanced, levied
from tests.conftest import NOW
from tests.levies import BEIJING, INSURANCES, ON, adjust

ALL = tuple(Insurance(name) for name in INSURANCES)
DUE = date(2026, 12, 15)
BASE = 900_000


def correction(person, employer, **values):
    given = {
        "kind": CorrectionKind.BASE,
        "person_id": person.id,
        "region_code": BEIJING,
        "first_month": "2026-07",
        "last_month": "2026-08",
        "insurances": ALL,
        "employer_id": employer.id if employer else None,
        "to_employer_id": None,
        "declared_base_fen": None,
        "due_on": DUE,
        "is_offices_mistake": False,
    }
    return Correction(**(given | values))


def correct(session, given, later=0):
    at = NOW + timedelta(minutes=later)
    done = correct_record(
        session,
        given,
        packs=packs_in_force(session),
        reason="更正通知〔2026〕1号",
        actor=SYSTEM,
        on=ON,
        at=at,
    )
    session.commit()
    return done


def record_of(session, person):
    """What each month of a person comes to, by insurance and payer; nothing is left out."""
    row = ContributionRecord
    rows = session.execute(
        select(
            row.contribution_month,
            row.insurance,
            row.employer_id,
            func.sum(row.base_fen),
            func.sum(row.employer_fen),
            func.sum(row.employee_fen),
        )
        .where(row.person_id == person.id)
        .group_by(row.contribution_month, row.insurance, row.employer_id)
    )
    return {tuple(key): tuple(map(int, sums)) for *key, a, b, c in rows if any(sums := (a, b, c))}


def billed(session):
    """What all payers were billed together, in fen by payer."""
    fen = func.sum(BillLine.employer_fen + BillLine.employee_fen)
    rows = session.execute(
        select(Bill.employer_id, Bill.person_id, fen)
        .join(BillLine, BillLine.bill_id == Bill.id)
        .group_by(Bill.employer_id, Bill.person_id)
    )
    return {tuple(key): int(sum_) for *key, sum_ in rows if sum_}


def count_rows(session):
    tables = (ContributionRecord, Bill, BillLine, DeclaredBase)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def run_records(session, done):
    return session.scalars(
        select(ContributionRecord).where(ContributionRecord.levy_run_id == done.run.id)
    ).all()


@pytest.fixture
def firm(hire_at):
    return hire_at()


@pytest.fixture
def person(session, firm, insure):
    """Somebody whose two months were billed, beside a colleague whom nothing touches."""
    insure(700_000, firm)
    person = insure(BASE, firm)
    levied(session)
    return person


def test_a_base_is_raised_for_some_months_and_nothing_else_changes(session, firm, person):
    before = record_of(session, person)

    done = correct(
        session, correction(person, firm, last_month="2026-07", declared_base_fen=1_000_000)
    )

    after = record_of(session, person)
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {key for key in before if key[0] == "2026-07"}
    assert {row.kind for row in run_records(session, done)} == {RecordKind.ADJUSTMENT}
    (bill,) = session.scalars(select(Bill).where(Bill.levy_run_id == done.run.id))
    assert bill.employer_id == firm.id
    # Declared too low: late since the month's own due day (SIL 86).
    assert late_fee_on(session, bill, date(2027, 1, 15), packs=packs_in_force(session)) > 0
    assert [line.first_month for line in done.effect.lines] == ["2026-07"] * len(done.effect.lines)
    assert done.effect.bills[0].fen == bill.total_fen
    # Once more, there is nothing left: the later month is on the base that it had.
    assert adjust(session).state.value == "cancelled"
    assert balanced(session)


def test_what_the_office_did_wrong_owes_no_late_fee(session, firm, person):
    given = correction(person, firm, declared_base_fen=1_000_000, is_offices_mistake=True)

    done = correct(session, given)

    (bill,) = session.scalars(select(Bill).where(Bill.levy_run_id == done.run.id))
    packs = packs_in_force(session)
    assert late_fee_on(session, bill, DUE, packs=packs) == 0
    assert late_fee_on(session, bill, DUE + timedelta(days=1), packs=packs) > 0
    assert balanced(session)


def test_a_missing_month_is_registered_and_billed(session, firm, hire_at, insure):
    person = insure(BASE, firm)
    session.execute(
        update(Enrolment).where(Enrolment.person_id == person.id).values(from_month="2026-08")
    )
    insure(BASE, firm)
    levied(session)
    given = correction(
        person, firm, kind=CorrectionKind.MISSING, last_month="2026-07", declared_base_fen=BASE
    )

    done = correct(session, given)

    record = record_of(session, person)
    months = {month: {key[1:]: record[key] for key in record if key[0] == month}
              for month in ("2026-07", "2026-08")}  # fmt: skip
    assert months["2026-07"].keys() == months["2026-08"].keys()
    assert {row.kind for row in run_records(session, done)} == {RecordKind.BACK_PAYMENT}
    assert done.effect.lines[0].before == (0, 0, 0)
    assert adjust(session).state.value == "cancelled"
    assert balanced(session)


@pytest.mark.parametrize(("last", "to_month"), [("2026-10", "2026-10"), ("2026-11", None)])
def test_who_is_registered_up_to_the_present_month_goes_on(session, firm, hire_at, last, to_month):
    """Nobody asks for the next month as well; what ended before stays ended."""
    person = factories.make_person(session, region_code=BEIJING)
    session.commit()
    given = correction(
        person, firm, kind=CorrectionKind.MISSING, first_month="2026-09", last_month=last,
        declared_base_fen=BASE,
    )  # fmt: skip

    correct(session, given)

    found = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).all()
    assert {(each.from_month, each.to_month) for each in found} == {("2026-09", to_month)}


def test_an_insurance_that_was_left_out_is_added(session, firm, insure):
    person = insure(BASE, firm, insurances=("pension", "medical", "work_injury"))
    levied(session)
    given = correction(
        person, firm, kind=CorrectionKind.MISSING, insurances=(Insurance.UNEMPLOYMENT,)
    )

    correct(session, given)

    found = {key[1] for key in record_of(session, person)}
    assert Insurance.UNEMPLOYMENT in found
    assert balanced(session)


def test_a_month_belongs_to_another_employer(session, firm, person, hire_at):
    other = hire_at()
    given = correction(
        person, firm, kind=CorrectionKind.EMPLOYER, to_employer_id=other.id, last_month="2026-07",
        declared_base_fen=BASE,
    )  # fmt: skip

    done = correct(session, given)

    payers = {(month, payer) for month, _insurance, payer in record_of(session, person)}
    assert payers == {("2026-07", other.id), ("2026-08", firm.id)}
    by_payer = {bill.employer_id: bill.fen for bill in done.effect.bills}
    assert by_payer[firm.id] == -by_payer[other.id] < 0
    # The register says so too: three spans of one person.
    spans = session.scalars(
        select(Enrolment).where(
            Enrolment.person_id == person.id, Enrolment.insurance == Insurance.PENSION
        )
    )
    found = {(span.employer_id, span.from_month, span.to_month) for span in spans}
    assert (other.id, "2026-07", "2026-07") in found
    assert (firm.id, "2026-08", None) in found
    assert balanced(session)


def test_a_month_that_never_was_is_taken_back(session, firm, person):
    given = correction(person, firm, kind=CorrectionKind.NOT_INSURED, last_month="2026-07")

    correct(session, given)

    assert {key[0] for key in record_of(session, person)} == {"2026-08"}
    assert balanced(session)


KINDS = {
    "base": (
        {"kind": CorrectionKind.BASE, "declared_base_fen": 1_234_500},
        {"kind": CorrectionKind.BASE, "declared_base_fen": BASE},
    ),
    "lower base": (
        {"kind": CorrectionKind.BASE, "declared_base_fen": 800_000},
        {"kind": CorrectionKind.BASE, "declared_base_fen": BASE},
    ),
    "not insured": ({"kind": CorrectionKind.NOT_INSURED}, {"kind": CorrectionKind.MISSING}),
}


@pytest.mark.parametrize("kind", [*KINDS, "employer"])
@pytest.mark.parametrize("first", ["2026-07", "2026-08"])
def test_corrected_and_corrected_back_all_is_as_before(session, firm, person, hire_at, kind, first):
    """Sums of records and bills are equal, rows were only added, and the books are in order."""
    if kind == "employer":
        other = hire_at()
        there = correction(person, firm, kind=CorrectionKind.EMPLOYER, to_employer_id=other.id,
                           declared_base_fen=BASE)  # fmt: skip
        back = replace(there, employer_id=other.id, to_employer_id=firm.id)
    else:
        there, back = (correction(person, firm, **values) for values in KINDS[kind])
    there, back = (replace(given, first_month=first) for given in (there, back))
    record, bills, rows = record_of(session, person), billed(session), count_rows(session)

    correct(session, there)
    assert record_of(session, person) != record
    correct(session, back, later=1)

    assert record_of(session, person) == record
    assert billed(session) == bills
    assert all(now >= was for now, was in zip(count_rows(session), rows, strict=True))
    assert adjust(session).state.value == "cancelled"
    assert balanced(session)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"last_month": "2027-01"}, "not_begun"),
        ({"first_month": "2026-08", "last_month": "2026-07"}, "month_order"),
        ({"first_month": "2022-01"}, "too_long"),
        ({"due_on": date(2026, 1, 1)}, "due_before"),
        ({"kind": CorrectionKind.MISSING}, "nothing_changes"),
    ],
)
def test_what_stands_against_it(session, firm, person, values, code):
    with pytest.raises(CorrectionRefused) as refused:
        correct(session, correction(person, firm, declared_base_fen=None, **values))

    assert refused.value.code == code


def test_nobody_is_insured_twice(session, firm, person, hire_at):
    given = correction(person, hire_at(), kind=CorrectionKind.MISSING, declared_base_fen=BASE)

    with pytest.raises(CorrectionRefused, match="insured_elsewhere"):
        correct(session, given)


def test_the_effect_is_kept_as_json(session, firm, person):
    done = correct(session, correction(person, firm, declared_base_fen=1_000_000))

    assert Effect.from_dict(done.effect.as_dict()) == done.effect
    given = correction(person, firm, declared_base_fen=1)
    assert Correction.from_dict(given.as_dict()) == given
