"""Records worked out again: a month is gone through as a whole first, then row by row."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from tests.bills import BILL_RATES, PACK_REGION, make_bill, make_levy_run
from tests.factories import AT, make_employer, make_person, make_record

EVERYWHERE = Scope()
OF_MONTH = Scope(PACK_REGION, "2026-08")
SCOPES = pytest.mark.parametrize("scope", [EVERYWHERE, OF_MONTH], ids=["everywhere", "month"])


@pytest.fixture
def person(session):
    return make_person(session, region_code=PACK_REGION)


@pytest.fixture
def bill(session, person):
    """The only run of its month; beside the employer's person one who pays alone."""
    run = make_levy_run(session)
    alone = make_person(session, region_code=PACK_REGION)
    make_bill(session, [alone], run=run)
    return make_bill(
        session, [person], employer=make_employer(session, region_code=PACK_REGION), run=run
    )


def findings(session, scope):
    session.flush()
    return list(check_books(session, packs_in_force(session), scope).lines())


def change(session, what, person, insurance):
    session.execute(
        text(
            f"UPDATE contribution_record SET {what} WHERE person_id = :p AND insurance = {insurance}"
        ),
        {"p": person.id},
    )


@SCOPES
def test_records_by_their_rule_are_silent(session, bill, scope):
    assert findings(session, scope) == []


@SCOPES
@pytest.mark.parametrize(
    "column", ["base_fen", "employer_fen", "employee_fen", "account_fen", "declared_base_fen"]
)
@pytest.mark.parametrize("insurance", [1, 4])
def test_one_amount_of_one_record_is_named(session, bill, person, scope, column, insurance):
    change(session, f"{column} = {column} + 1", person, insurance)

    word = {1: "pension", 4: "work_injury"}[insurance]
    said = [line for line in findings(session, scope) if f" {person.id} {word} " in line]
    assert any(line.partition(": ")[2].startswith(f"{column} is not") for line in said)


@SCOPES
def test_a_base_too_large_to_be_multiplied_is_named(session, bill, person, scope):
    change(session, "base_fen = 9000000000000000000", person, 1)

    assert any("base_fen is not what base, terms" in line for line in findings(session, scope))


@SCOPES
def test_a_record_without_its_term_is_named(session, bill, scope):
    session.execute(text("DELETE FROM levy_term WHERE insurance = 2"))

    said = findings(session, scope)

    assert len([line for line in said if "medical" in line and "no term of its run" in line]) == 2


def test_a_record_moved_out_of_the_months_of_its_run_is_named(session, bill, person):
    change(session, "contribution_month = 202612", person, 1)

    said = findings(session, EVERYWHERE)

    name = f"contribution_record {PACK_REGION} 2026-12 {person.id} pension"
    assert any(line.startswith(name) and "no term of its run" in line for line in said)


def of_bases(session, scope):
    return [line for line in findings(session, scope) if "declared_base_fen is not" in line]


def declare(session, person, employer_id, fen, insurance=None, **values):
    given = {
        "from_month": "2026-08",
        # Before the run began: of what is declared meanwhile it may have found either.
        "declared_at": AT - timedelta(days=1),
    }
    session.add(
        DeclaredBase(
            person_id=person.id,
            region_code=person.region_code,
            employer_id=employer_id,
            insurance=insurance,
            declared_base_fen=fen,
            origin="test",
            **(given | values),
        )
    )


@SCOPES
def test_each_payer_of_a_person_has_its_own_base(session, bill, person, scope):
    other = make_employer(session, region_code=PACK_REGION)
    declare(session, person, other.id, 2_000_000)
    make_record(
        session,
        person,
        "2026-08",
        Insurance.WORK_INJURY,
        employer=other,
        region_code=PACK_REGION,
        levy_run_id=bill.levy_run_id,
        base_fen=2_000_000,
        declared_base_fen=2_000_000,
    )
    assert of_bases(session, scope) == []

    change(session, "declared_base_fen = 1999999", person, f"4 AND employer_id = {other.id}")

    (said,) = of_bases(session, scope)
    assert said.endswith("expected 2000000 fen, found 1999999 fen")


@SCOPES
def test_a_newer_base_is_missed_in_every_record(session, bill, person, scope):
    declare(session, person, bill.employer_id, 1_500_000)

    said = of_bases(session, scope)

    assert len(said) == len(BILL_RATES)
    assert all(line.endswith("expected 1500000 fen, found 1000000 fen") for line in said)


@SCOPES
def test_a_base_of_one_insurance_holds_for_it_alone(session, bill, person, scope):
    declare(session, person, bill.employer_id, 1_500_000, Insurance.MEDICAL)

    (said,) = of_bases(session, scope)
    assert f" {person.id} medical " in said


@SCOPES
def test_a_record_without_any_base_is_named(session, bill, person, scope):
    session.execute(text("DELETE FROM declared_base WHERE person_id = :p"), {"p": person.id})

    assert len(of_bases(session, scope)) == len(BILL_RATES)


@SCOPES
@pytest.mark.parametrize(
    ("values", "missed"),
    [
        ({"withdrawn_at": AT}, 0),
        ({"withdrawn_at": AT + timedelta(seconds=1)}, len(BILL_RATES)),
        ({"declared_at": AT + timedelta(seconds=1)}, 0),
        ({"from_month": "2026-09"}, 0),
    ],
    ids=["withdrawn as it was issued", "withdrawn later", "declared later", "from later on"],
)
def test_what_was_declared_counts_as_it_stood_when_the_run_was_issued(
    session, bill, person, scope, values, missed
):
    declare(session, person, bill.employer_id, 1_500_000, **values)

    assert len(of_bases(session, scope)) == missed


@pytest.mark.parametrize(("after", "missed"), [(0, len(BILL_RATES)), (1, 0)])
def test_a_record_on_a_base_that_was_gone_when_its_run_was_issued_is_named(
    session, bill, person, after, missed
):
    of_person = select(DeclaredBase).where(DeclaredBase.person_id == person.id)
    session.scalars(of_person).one().withdrawn_at = AT + timedelta(seconds=after)
    declare(session, person, bill.employer_id, 900_000, from_month="2026-07")

    assert len(of_bases(session, EVERYWHERE)) == missed
