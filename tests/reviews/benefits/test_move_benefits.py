"""A day makes benefits due, overdue and suspended; the calendar ends none."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from siweb.audit.activity import Activity
from siweb.messages.kinds.benefits import CERTIFICATION_REMINDER
from siweb.messages.notify import notify
from siweb.messages.tables.message import Message
from siweb.messages.tables.service import MessageService
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.reviews.benefits.move import move_benefits
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import ReviewState
from siweb.rules.benefits.certification import compute_certification
from siweb.rules.calendar.months import first_day
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION
from tests.served import announce
from tests.sign_in import sign_in


@pytest.fixture(autouse=True)
def _campaign(make_review):
    make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)


@pytest.mark.parametrize(
    ("certified_on", "state"),
    [
        (date(2026, 11, 1), BenefitState.ACTIVE),
        (date(2026, 1, 15), BenefitState.DUE),
        (date(2025, 11, 20), BenefitState.OVERDUE),
        (date(2024, 1, 1), BenefitState.SUSPENDED),
    ],
)
def test_a_benefit_stands_where_its_last_certification_puts_it(
    session, make_benefit, certified_on, state
):
    benefit = make_benefit(certified_on)
    if state is BenefitState.SUSPENDED:
        announce(session, benefit)

    move_benefits(session, packs=packs_in_force(session), on=NOW.date(), at=NOW)
    session.refresh(benefit)

    assert benefit.state is state
    assert (benefit.suspended_from_month is not None) == (state is BenefitState.SUSPENDED)


@pytest.mark.parametrize("days", [-1, 0])
def test_a_benefit_is_suspended_from_the_first_day_of_its_month(session, make_benefit, days):
    certified_on, packs = date(2025, 6, 15), packs_in_force(session)
    terms = packs.parameters(REGION, "2026-10").certification_terms()
    first = first_day(compute_certification(certified_on, terms).suspended_from_month)
    benefit = make_benefit(certified_on)
    announce(session, benefit)

    move_benefits(session, packs=packs, on=first + timedelta(days=days), at=NOW)
    session.refresh(benefit)

    assert (benefit.state is BenefitState.SUSPENDED) == (days == 0)


def test_what_becomes_due_is_listed_for_its_recipient(client, session, person, make_benefit):
    make_benefit(date(2026, 1, 15))
    sign_in(client, session, person)

    page = client.get("/reviews", headers={"Accept-Language": "en"}).text

    assert "Please do it by" in page
    assert ">Start" in page


def test_a_second_run_moves_nothing(session, make_benefit):
    announce(session, make_benefit(date(2024, 1, 1)))

    assert move_benefits(session, packs=packs_in_force(session), on=NOW.date(), at=NOW) == {
        BenefitState.SUSPENDED: 1
    }
    assert move_benefits(session, packs=packs_in_force(session), on=NOW.date(), at=NOW) == {}


def test_what_ended_stays_ended(session, make_benefit):
    benefit = make_benefit(date(2024, 1, 1), BenefitState.TERMINATED)

    assert move_benefits(session, packs=packs_in_force(session), on=NOW.date(), at=NOW) == {}
    session.refresh(benefit)
    assert benefit.state is BenefitState.TERMINATED


def test_what_waits_for_a_visit_or_the_window_is_not_suspended_by_waiting(session, make_benefit):
    """The benefit goes on meanwhile: only the calendar's own day suspends it."""
    benefit = make_benefit(date(2026, 1, 15))

    move_benefits(session, packs=packs_in_force(session), on=NOW.date(), at=NOW)
    session.refresh(benefit)

    assert benefit.state is BenefitState.DUE
    assert benefit.suspended_from_month is None


def test_a_day_notes_how_many_moved_and_a_day_without_any_notes_nothing(
    session, person, make_benefit
):
    for certified_on in (date(2024, 1, 1), date(2024, 1, 1), date(2024, 2, 1), date(2026, 1, 15)):
        holder = factories.make_person(session, region_code=REGION)
        benefit = make_benefit(certified_on, holder=holder)
        if certified_on.year < 2026:
            announce(session, benefit)
    expected = {BenefitState.SUSPENDED: 3, BenefitState.DUE: 1}

    moved = [
        move_benefits(session, packs=packs_in_force(session), on=NOW.date(), at=NOW)
        for _ in range(2)
    ]

    assert moved == [expected, {}]
    (noted,) = session.scalars(select(Activity).where(Activity.action == "benefits.moved"))
    assert noted.facts == {"suspended": 3, "due": 1}


def test_a_benefit_that_was_certified_again_is_no_longer_suspended(session, make_benefit):
    benefit = make_benefit(date(2026, 11, 1), BenefitState.SUSPENDED)
    benefit.suspended_from_month = "2026-10"
    session.commit()

    move_benefits(session, packs=packs_in_force(session), on=NOW.date(), at=NOW)

    session.refresh(benefit)
    assert (benefit.state, benefit.suspended_from_month) == (BenefitState.ACTIVE, None)


def test_benefits_of_a_region_that_certifies_nobody_stay_as_they_are(session, make_benefit):
    benefit = make_benefit(date(2024, 1, 1))
    benefit.region_code = factories.make_region(session, "110000").code
    session.commit()

    assert move_benefits(session, packs=packs_in_force(session), on=NOW.date(), at=NOW) == {}


def test_each_is_suspended_from_the_month_after_their_own_announcement_was_served(
    session, person, make_benefit
):
    """Certified on one day, they differ by what was served on each, when, and when it was known."""
    certified_on, august, september = date(2024, 1, 1), date(2026, 8, 10), date(2026, 9, 5)
    expected = {}

    def announced(name, month, on=august, until_on=None, **service):
        holder = factories.make_person(session, name=name, region_code=REGION)
        benefit = make_benefit(certified_on, holder=holder)
        announce(session, benefit, on)
        about = {"subject": f"benefit-{benefit.id}"}
        for table, values in ((Message, {"until_on": until_on}), (MessageService, service)):
            given = {key: value for key, value in values.items() if value is not None}
            if given:
                changed = update(table).filter_by(**about).values(given)
                assert session.execute(changed).rowcount == 1
        expected[benefit.id] = month

    announced("in August", "2026-09")
    announced("on the last day", "2026-11", date(2026, 10, 31))
    announced("this month", None, date(2026, 11, 2))
    announced("known later", "2026-10", recorded_on=september)
    announced("known before", "2026-11", served_on=date(2026, 10, 10), recorded_on=september)
    announced("from later on", "2026-10", until_on=date(2026, 10, 1))
    reminded = make_benefit(certified_on)
    notify(
        session, CERTIFICATION_REMINDER, person.id, region_code=REGION,
        subject=("benefit", reminded.id), until_on=date(2026, 6, 1), at=NOW,
    )  # fmt: skip
    expected[reminded.id] = None
    ended = make_benefit(
        certified_on, BenefitState.TERMINATED, factories.make_person(session, region_code=REGION)
    )
    announce(session, ended, august)
    expected[ended.id] = None
    session.commit()

    move_benefits(session, packs=packs_in_force(session), on=NOW.date(), at=NOW)

    session.expire_all()
    found = {
        benefit.id: (benefit.suspended_from_month, benefit.state)
        for benefit in session.scalars(select(Benefit))
    }
    assert {key: month for key, (month, _state) in found.items()} == expected
    assert found[ended.id][1] is BenefitState.TERMINATED
    assert {state for key, (month, state) in found.items() if month} == {BenefitState.SUSPENDED}
    assert {
        state for key, (month, state) in found.items() if not month and key != ended.id
    } == {BenefitState.OVERDUE}  # fmt: skip
