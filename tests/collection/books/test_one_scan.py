"""What going over a month's records once proves, and what it leaves to the other proofs."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import BigInteger, literal, select, text

from siweb.collection.books.imbalance import Scope
from siweb.collection.books.recompute import one_scan
from siweb.collection.books.recompute.one_scan import (
    HALVES,
    NOTHING,
    Proved,
    prove_in_one_scan,
    proved_by_all,
)
from siweb.collection.books.set_aside import without_helpers
from siweb.registry.codes import Insurance
from siweb.registry.tables.declared_base import DeclaredBase
from tests.bills import PACK_REGION, make_bill, make_levy_run
from tests.factories import AT, make_employer, make_person

MONTH = Scope(PACK_REGION, "2026-08")
OF_RECORDS, OF_LINES = "UPDATE contribution_record SET ", "UPDATE bill_line SET "


@pytest.fixture
def bills(session):
    """The only run of a month: two employers, one of them with two people, and one who pays alone."""
    run = make_levy_run(session)
    people = [make_person(session, region_code=PACK_REGION) for _ in range(4)]
    employers = [make_employer(session, region_code=PACK_REGION) for _ in range(2)]
    make_bill(session, people[:1], run=run)
    return [
        make_bill(session, people[1:2], employer=employers[0], run=run),
        make_bill(session, people[2:], employer=employers[1], run=run),
    ]


def declared(person_id, employer_id, insurance):
    """A base from the month itself on, declared the day before it was levied."""
    return DeclaredBase(
        person_id=person_id,
        region_code=PACK_REGION,
        employer_id=employer_id,
        insurance=insurance,
        from_month="2026-08",
        declared_base_fen=1_500_000,
        origin="test",
        declared_at=AT - timedelta(days=1),
    )


def left(session):
    """Return what is not proved of the month."""
    session.flush()
    return {
        word for word, is_right in asdict(prove_in_one_scan(session, MONTH)).items() if not is_right
    }


def test_a_right_month_is_proved_whole(session, bills):
    assert left(session) == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (OF_LINES + "employer_fen = employer_fen + 1 WHERE bill_id = :first AND insurance = 1", "sums"),
        (OF_LINES + "employee_fen = employee_fen - 1 WHERE bill_id = :first AND insurance = 1", "sums"),
        (OF_LINES + "rounding_fen = rounding_fen + 1 WHERE bill_id = :first AND insurance = 1", "sums"),
        # What one line gains the other loses, of one payer and of two.
        (
            OF_LINES + "employer_fen = employer_fen + CASE insurance WHEN 1 THEN 1 ELSE -1 END"
            " WHERE bill_id = :first AND insurance IN (1, 2)",
            "sums",
        ),
        (
            OF_LINES + "employer_fen = employer_fen + CASE bill_id WHEN :first THEN 1 ELSE -1 END"
            " WHERE bill_id IN (:first, :second) AND insurance = 1",
            "sums",
        ),
        (OF_LINES + "employer_fen = employer_fen - 1, employee_fen = employee_fen + 1", "sums"),
        ("DELETE FROM bill_line WHERE bill_id = :first AND insurance = 1", "rules sums"),
        ("DELETE FROM contribution_record WHERE employer_id = :employer AND insurance = 1", "sums"),
        (OF_RECORDS + "paid_on = NULL, kind = 3 WHERE employer_id = :employer", "rules sums"),
        (OF_RECORDS + "scheme = 2 WHERE employer_id = :employer AND insurance = 1", "rules sums"),
        (OF_RECORDS + "levy_run_id = NULL WHERE employer_id = :employer AND insurance = 1", "sums"),
        (OF_RECORDS + "base_fen = base_fen + 1 WHERE employer_id = :employer", "rules sums"),
        (OF_RECORDS + "employer_fen = employer_fen + 1 WHERE employer_id = :employer", "rules sums"),
        (OF_RECORDS + "account_fen = account_fen + 1 WHERE employer_id = :employer", "rules sums"),
        (OF_RECORDS + "employer_fen = 9000000000000000000 WHERE insurance = 1", "rules sums"),
        (OF_RECORDS + "base_fen = 9000000000000000000 WHERE insurance = 1", "rules sums"),
        ("UPDATE levy_term SET employer_ppm = employer_ppm + 10 WHERE insurance = 1", "rules sums"),
        ("UPDATE levy_term SET base_floor_fen = base_ceiling_fen WHERE insurance = 1", "rules sums"),
        ("DELETE FROM levy_term WHERE insurance = 2", "rules sums"),
        ("DELETE FROM declared_base WHERE employer_id = :employer", "bases"),
        ("UPDATE declared_base SET declared_base_fen = declared_base_fen + 1", "bases"),
        ("UPDATE bill SET issued_at = NULL WHERE id = :first", "rules sums"),
        ("UPDATE bill SET contribution_month = 202607 WHERE id = :first", "rules sums"),
    ],
)  # fmt: skip
def test_what_was_changed_is_left_to_be_named(session, bills, change, expected):
    names = {
        "first": bills[0].id, "second": bills[1].id, "employer": bills[0].employer_id,
    }  # fmt: skip
    session.flush()
    meant = {name: value for name, value in names.items() if f":{name}" in change}

    session.execute(text(change), meant)

    assert left(session) == set(expected.split())


def test_each_half_of_the_payers_is_proved_by_itself(session, bills):
    session.execute(
        text(OF_RECORDS + "base_fen = base_fen + 1 WHERE employer_id = :employer"),
        {"employer": bills[0].employer_id},
    )
    session.flush()
    of_it = bills[0].employer_id % 2

    wrong, right = (prove_in_one_scan(session, MONTH, (half,)) for half in (of_it, 1 - of_it))

    assert (wrong.rules, wrong.bases, wrong.sums) == (False, True, False)
    assert right == Proved(rules=True, bases=True, sums=True)
    assert proved_by_all([wrong, right]) == wrong


def test_a_newer_base_of_an_employer_of_the_other_half_is_no_matter(session, bills):
    first, second = (bill.employer_id for bill in bills)
    assert {first % 2, second % 2} == set(HALVES)
    person_id = session.scalar(
        select(DeclaredBase.person_id).where(DeclaredBase.employer_id == first)
    )
    session.add(declared(person_id, second, None))

    # Of both at once it is the newest, though not the payer's: that is asked row by row.
    assert left(session) == {"bases"}
    proofs = [prove_in_one_scan(session, MONTH, (half,)) for half in HALVES]
    assert proved_by_all(proofs) == Proved(rules=True, bases=True, sums=True)


def test_what_is_paid_is_left_to_the_other_proofs(session, bills):
    bills[0].paid_fen = bills[0].total_fen
    session.execute(
        text(
            OF_LINES + "paid_fen = employer_fen + employee_fen WHERE bill_id = :b AND insurance = 1"
        ),
        {"b": bills[0].id},
    )

    assert left(session) == {"sums"}


@pytest.mark.parametrize("insurance", [None, Insurance.MEDICAL])
def test_a_newer_base_is_left_to_be_named(session, bills, insurance):
    employer_id = bills[0].employer_id
    person_id = session.scalar(
        select(DeclaredBase.person_id).where(DeclaredBase.employer_id == employer_id)
    )
    session.add(declared(person_id, employer_id, insurance))

    assert left(session) == {"bases"}


def test_only_a_month_that_no_run_changed_is_gone_over_once(session, bills):
    assert prove_in_one_scan(session, Scope()) == NOTHING
    assert prove_in_one_scan(session, Scope(PACK_REGION, "2026-07")) == NOTHING

    session.execute(text("UPDATE levy_run SET kind = 'adjustment'"))

    assert prove_in_one_scan(session, MONTH) == NOTHING


@pytest.mark.parametrize("fen", [0, 1, 2**26 - 1, 2**26, 10**15 + 7, -1, -(10**15)])
def test_what_a_line_comes_to_by_lot_is_exact(session, fen):
    lot = one_scan._PRIME - 2
    by_lot = one_scan._by_lot(literal(fen, BigInteger()), literal(lot, BigInteger()))

    assert (session.scalar(select(by_lot)) - fen * lot) % one_scan._PRIME == 0


def test_beside_two_sessions_no_statement_is_lent_a_process(session):
    if session.get_bind().dialect.name == "sqlite":
        with without_helpers(session):
            assert session.scalar(text("SELECT 1")) == 1
        return
    asked = text("SHOW max_parallel_workers_per_gather")
    before = session.scalar(asked)

    with without_helpers(session):
        during = session.scalar(asked)

    assert (during, session.scalar(asked)) == ("0", before)
