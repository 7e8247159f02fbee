"""What a levied row would come to without it: by its own person, employer, months and bases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.collection.tables.levy_run import LevyState
from siweb.filings.tables.filing import Filing
from siweb.filings.withdrawal.difference import differences
from siweb.filings.withdrawal.find import rows_to_withdraw
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import CORRECTED, DeclaredBase
from tests import factories
from tests.bills import make_levy_run
from tests.conftest import NOW
from tests.filings.withdrawal.test_withdraw import ROWS, hire, of
from tests.levies import levy


@pytest.fixture
def levied(session, employer, sent):
    """Send a filing whose months are levied; give what withdrawing it would come to."""

    def levied(kind, row, month="2026-11"):
        filing = sent(kind, row)
        run = levy(session, employer.region_code, month)
        run.issued_at = NOW + timedelta(minutes=40)
        session.commit()

        def found():
            shown = rows_to_withdraw(session, filing, None)
            return differences(
                session, filing, shown, region_code=employer.region_code, packs=packs_in_force
            )[1]

        return found

    return levied


def base(session, person, employer, **values):
    given = {
        "person_id": person.id,
        "employer_id": employer.id,
        "region_code": employer.region_code,
        "from_month": "2026-08",
        "declared_base_fen": 780_000,
        "origin": "filing_base",
        "declared_at": NOW + timedelta(minutes=50),
    }
    session.add(DeclaredBase(**(given | values)))
    session.flush()


def test_bases_and_records_beside_it_change_nothing(session, employer, person, levied):
    found = levied("base", of(person, **ROWS["base"]))
    region = employer.region_code
    computing = make_levy_run(session, "2026-11", region_code=region, state=LevyState.COMPUTING)
    other = factories.make_employer(session, region_code=employer.region_code)
    colleague = factories.make_person(session, region_code=employer.region_code)
    expected = found()
    assert expected[:2] == ("2026-07", "2026-11")
    assert expected.employee_fen == -19_950

    for beside in (
        lambda: base(session, person, other),
        lambda: base(session, colleague, employer),
        lambda: base(session, person, employer, withdrawn_at=NOW),
        lambda: base(session, person, employer, from_month="2026-12"),
        lambda: factories.make_record(session, person, "2026-11", employer=other),
        lambda: factories.make_record(session, person, "2026-06", employer=employer),
        lambda: factories.make_record(session, person, "2026-12", employer=employer),
        lambda: factories.make_record(session, colleague, "2026-11", employer=employer),
        lambda: factories.make_record(
            session, person, "2026-11", employer=employer, levy_run_id=computing.id
        ),
    ):
        with session.begin_nested() as attempt:
            beside()
            assert found() == expected
            attempt.rollback()

    # The base that was declared last before the month is the one that would hold.
    base(session, person, employer, declared_at=NOW)
    assert found().employee_fen == expected.employee_fen - 20_000 * 105 // 1000


def test_what_others_declared_while_it_was_applied_is_not_the_filings(
    session, employer, person, levied
):
    found = levied("base", of(person, **ROWS["base"]))
    expected = found()
    at = session.scalars(select(Filing.confirmed_at)).one()

    base(session, person, employer, origin=CORRECTED, declared_at=at)

    assert found().employee_fen == expected.employee_fen - 20_000 * 105 // 1000


def test_a_base_of_one_insurance_counts_for_it(session, employer, person, levied):
    """As the levy takes it, since the filing's base would not be there."""
    found = levied("base", of(person, **ROWS["base"]))
    base(session, person, employer, insurance=Insurance.PENSION)

    assert found().employee_fen == -21_550


def test_what_was_begun_by_a_row_comes_back_whole(session, employer, sent, levied):
    found = levied("hire", hire())

    assert found()[:2] == ("2026-11", "2026-11")
    # 9,000 yuan: pension 8 %, medical 2 %, unemployment 0.5 %.
    assert found().employee_fen == -94_500


def test_what_was_ended_by_a_row_is_due_from_the_month_after(session, employer, person, levied):
    # Somebody else is left, of whom there is a levy.
    colleague = factories.make_person(session, region_code=employer.region_code)
    factories.make_enrolment(session, colleague, employer=employer, from_month="2025-01")
    base(session, colleague, employer, from_month="2025-01")
    found = levied("pause", of(person, stop_month="2026-10"))

    assert found()[:2] == ("2026-11", "2026-11")
    # 8,000 yuan in every insurance that it ended.
    assert found().employee_fen == 84_000
