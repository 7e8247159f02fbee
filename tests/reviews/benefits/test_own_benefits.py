"""What a person reads of a benefit: its own payments, months held back and certification alone."""

from datetime import date

import pytest

from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.reviews.benefits.own import next_month, own_benefits, recorded_benefits
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION

TODAY = NOW.date()
ELSEWHERE = "110000"
PENSION, INJURY = BenefitKind.PENSION, BenefitKind.INJURY
PAID, HELD = BenefitEntryKind.PAID, BenefitEntryKind.HELD
BACK_PAY, ADJUSTED = BenefitEntryKind.BACK_PAY, BenefitEntryKind.ADJUSTED


@pytest.fixture
def engine(sqlite_engine):
    """Which rows count is the same on either database."""
    return sqlite_engine


@pytest.fixture
def other(session):
    return factories.make_person(session, name="别人", region_code=REGION)


@pytest.fixture
def draws(session, person):
    """Let somebody draw a benefit."""

    def draws(kind=PENSION, whose=person, certified_on=date(2026, 1, 15), **values):
        given = {
            "person_id": whose.id, "region_code": REGION, "kind": kind, "monthly_fen": 1_000,
            "from_month": "2015-01", "state": BenefitState.ACTIVE, "certified_on": certified_on,
        }  # fmt: skip
        benefit = Benefit(**(given | values))
        session.add(benefit)
        session.flush()
        return benefit

    return draws


@pytest.fixture
def entered(session, person):
    """Enter an amount of a month in the books."""

    def entered(month, kind, fen, paid_on=None, benefit=PENSION, whose=person, **values):
        given = {
            "region_code": REGION, "month": month, "person_id": whose.id, "benefit": benefit,
            "kind": kind, "sequence": 1 if kind is ADJUSTED else 0, "amount_fen": fen,
            "paid_on": paid_on, "recorded_at": NOW,
        }  # fmt: skip
        session.add(BenefitEntry(**(given | values)))
        session.flush()

    return entered


@pytest.fixture
def certifies(session, person):
    """A region's certification of a year, and a case of somebody's in it."""

    def certifies(year, state=None, whose=person, kind=ReviewKind.CERTIFICATION, **values):
        given = {
            "region_code": REGION, "year": year, "period_from_month": f"{year}-01",
            "period_to_month": f"{year}-12", "opens_on": date(year, 1, 1), "closes_on": None,
            "rules": {},
        }  # fmt: skip
        campaign = Campaign(kind=kind, **(given | values))
        session.add(campaign)
        session.flush()
        if state is None:
            return None
        review = Review(
            reference=f"OWN{year}N{whose.id}N{campaign.id}", campaign_id=campaign.id,
            person_id=whose.id, state=state, opened_at=NOW,
        )  # fmt: skip
        session.add(review)
        session.flush()
        return review

    return certifies


@pytest.fixture
def own(session, person):
    def own(*benefits):
        return own_benefits(session, person.id, benefits, packs=packs_in_force(session), on=TODAY)

    return own


def test_the_last_payment_is_the_latest_month_of_the_latest_day(draws, entered, own, other):
    benefits = draws(), draws(INJURY)
    draws(whose=other)
    entered("2026-09", PAID, 11, date(2026, 11, 2))
    entered("2026-07", BACK_PAY, 12, date(2026, 11, 2))
    entered("2026-10", PAID, 13, date(2026, 10, 15))
    # A difference and what is held back are no payments, an announced one has no day yet.
    entered("2026-11", ADJUSTED, 14, date(2026, 11, 20))
    entered("2026-11", HELD, 15)
    entered("2026-06", BACK_PAY, 16)
    entered("2026-08", PAID, 17, date(2026, 11, 9), benefit=INJURY)
    entered("2026-11", PAID, 18, date(2026, 11, 21), whose=other)

    pension, injury = own(*benefits)

    assert (pension.last_paid.month, pension.last_paid.amount_fen) == ("2026-09", 11)
    assert (injury.last_paid.month, injury.last_paid.amount_fen) == ("2026-08", 17)


def test_what_is_held_back_is_counted_until_it_is_paid(draws, entered, own, other):
    benefits = draws(), draws(INJURY)
    draws(whose=other)
    for month, fen in (("2026-01", 1), ("2026-02", 20), ("2026-03", 300), ("2026-04", 4_000)):
        entered(month, HELD, fen)
    # Paid since, by either way; of another benefit, another person or as a difference it is not.
    entered("2026-01", BACK_PAY, 1, date(2026, 9, 1))
    entered("2026-02", PAID, 20, date(2026, 9, 1))
    entered("2026-03", PAID, 300, date(2026, 9, 1), benefit=INJURY)
    entered("2026-03", PAID, 300, date(2026, 9, 1), whose=other)
    entered("2026-04", ADJUSTED, 4_000, date(2026, 9, 1))
    entered("2026-05", PAID, 7, date(2026, 9, 1))
    entered("2026-06", HELD, 50_000, whose=other)

    pension, injury = own(*benefits)

    assert (pension.held_months, pension.held_fen) == (2, 4_300)
    assert (injury.held_months, injury.held_fen) == (0, 0)


def test_a_month_is_recorded_by_payment_or_hold_of_ones_own(session, person, draws, entered, other):
    newer = draws(certified_on=date(2026, 2, 1))
    older = draws(INJURY, certified_on=date(2025, 5, 1))
    draws(BenefitKind.SURVIVOR, state=BenefitState.TERMINATED)
    draws(whose=other)
    entered("2026-08", PAID, 1, date(2026, 8, 15))
    entered("2026-09", HELD, 1)
    entered("2026-10", ADJUSTED, 1, date(2026, 10, 15))
    entered("2026-11", PAID, 1, date(2026, 11, 15), whose=other)

    found = recorded_benefits(session, person.id)

    # What was certified longest ago comes first, and what has ended not at all.
    assert [(each.id, month) for each, month in found] == [(older.id, None), (newer.id, "2026-09")]


def test_a_certification_that_waits_stands_beside_its_regions_benefits(
    session, draws, certifies, own, other
):
    factories.make_region(session, ELSEWHERE)
    here, there = draws(), draws(INJURY, region_code=ELSEWHERE)
    sent = certifies(2025, ReviewState.MANUAL_REVIEW)
    certifies(2024, ReviewState.PASSED)
    certifies(2023, ReviewState.DRAFT)
    certifies(2026, ReviewState.MANUAL_REVIEW, other, rules={"window_days": 40})
    certifies(2026, ReviewState.MANUAL_REVIEW, kind=ReviewKind.RECORD_CHECK)

    found = own(here, there)

    assert [each.sent for each in found] == [sent, None]
    # The window is that of the region's newest; a region that certifies nobody has no standing.
    assert found[0].standing.state is BenefitState.ACTIVE
    assert found[1].standing is None


@pytest.mark.parametrize("values", [{"state": BenefitState.TERMINATED}, {"stop_sign_id": 1}])
def test_what_has_ended_or_is_stopped_is_certified_by_nobody(
    session, draws, certifies, own, values
):
    certifies(2026)
    benefit = draws()
    (stands,) = own(benefit)
    # No sign stands behind the number: the row is asked, and not written.
    session.expunge(benefit)
    for name, value in values.items():
        setattr(benefit, name, value)

    (found,) = own(benefit)

    assert stands.standing is not None
    assert found.standing is None


@pytest.mark.parametrize(
    ("state", "stops", "following"),
    [
        (BenefitState.ACTIVE, "2026-12", "2026-11"),
        (BenefitState.ACTIVE, "2026-11", None),
        (BenefitState.SUSPENDED, "2026-10", None),
        (BenefitState.TERMINATED, None, None),
    ],
)
def test_nothing_is_paid_next_from_the_month_of_suspension_on(state, stops, following):
    benefit = Benefit(state=state, from_month="2020-06", suspended_from_month=stops)

    assert next_month(benefit, None, TODAY) == following
