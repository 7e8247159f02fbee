"""A preview says to the fen what would be billed, and writes no record."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.levy.employers import employers_done
from siweb.collection.levy.previews.compare import compare_totals, employer_totals, oddest_changes
from siweb.collection.levy.run import compute_batches
from siweb.collection.levy.start import open_levy
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyKind, LevyState
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.packs.in_force import packs_in_force
from tests.conftest import NOW
from tests.levies import BEIJING, MONTH, ON, SHANGHAI, levy


def preview(session, region=BEIJING, month=MONTH):
    return levy(session, region, month, kind=LevyKind.PREVIEW)


@pytest.mark.parametrize("region", [BEIJING, SHANGHAI])
def test_a_preview_is_what_the_levy_bills_to_the_fen(session, hire_at, insure, region):
    first, second = hire_at(region), hire_at(region, injury_class=8)
    for number in range(5):
        insure(700_001 + 33_333 * number, first, region)
        insure(912_347 + number, second, region)
    insure(800_003, region=region, insurances=("pension", "medical"))

    shown = preview(session, region)

    assert shown.state is LevyState.SHOWN
    assert session.scalar(select(func.count()).select_from(ContributionRecord)) == 0
    billed = levy(session, region)
    assert billed.totals["insurances"] == shown.totals["insurances"]
    assert billed.totals["total_fen"] == shown.totals["total_fen"]
    assert billed.totals["not_billed"] == shown.totals["not_billed"]


def test_a_preview_leaves_out_what_is_billed_already(session, hire_at, insure):
    employer = hire_at(name="甲公司")
    insure(900_000, employer)
    billed = levy(session)
    insure(700_000, employer)
    insure(None, employer)

    shown = preview(session)

    assert shown.totals["not_billed"]["no_base"] == 1
    compared = compare_totals(session, shown)
    assert compared.month_fen == compared.run_fen + billed.totals["total_fen"]
    assert compared.before_fen == 0
    (one,), has_more = employer_totals(session, shown, page=1)
    assert (one.employer_name, one.now_fen, has_more) == ("甲公司", compared.month_fen, False)


def test_a_preview_shows_what_changes_most_from_the_month_before(session, hire_at, insure):
    steady, grown = hire_at(name="甲公司"), hire_at(name="乙公司")
    insure(900_000, steady)
    insure(900_000, grown)
    levy(session, month="2026-07")
    insure(900_000, grown)

    shown = preview(session)

    assert [one.employer_name for one in oddest_changes(session, shown)] == ["乙公司"]
    assert compare_totals(session, shown).difference_fen > 0


def test_an_employer_is_done_when_all_its_people_are(session, hire_at, insure):
    first, second = hire_at(), hire_at()
    insure(900_000, first)
    insure(900_000, second)
    insure(900_000, first)
    run = open_levy(
        session,
        BEIJING,
        MONTH,
        actor=SYSTEM,
        on=ON,
        at=NOW,
        may_be_provisional=True,
        packs=packs_in_force(session),
    )
    batches = compute_batches(session, run, at=NOW, most=2)

    assert employers_done(session, run) == (0, 2)
    next(batches)
    assert employers_done(session, run) == (1, 2)
    next(batches)
    assert employers_done(session, run) == (2, 2)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(bases=st.lists(st.integers(0, 6_000_000), min_size=1, max_size=6))
def test_a_bill_is_the_preview_for_any_bases(session, hire_at, insure, bases):
    session.rollback()
    employer = hire_at(SHANGHAI)
    for base in bases:
        insure(base, employer, SHANGHAI)

    shown = preview(session, SHANGHAI).totals["total_fen"]
    levy(session, SHANGHAI)

    bill = session.scalars(select(Bill).where(Bill.employer_id == employer.id)).one()
    assert bill.total_fen == shown
