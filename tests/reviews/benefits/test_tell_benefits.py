"""Of a certification's end and of a suspension those are told whom it is about, and once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from siweb.messages.tables.message import Message
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import BenefitState
from siweb.reviews.benefits.state import announced_on
from siweb.reviews.benefits.tell import tell_of_benefits
from siweb.rules.benefits.certification import compute_certification
from siweb.rules.calendar.months import add_months, first_day, month_of
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION

CERTIFIED, A_DAY = date(2025, 5, 15), timedelta(days=1)
ACTIVE, OVERDUE = BenefitState.ACTIVE, BenefitState.OVERDUE
REMINDER, ANNOUNCED = "certification_reminder", "suspension_announced"
SUSPENDED = "benefit_suspended"


@pytest.fixture
def engine(sqlite_engine):
    """Who is told is the same on either database."""
    return sqlite_engine


@pytest.fixture
def period(session):
    terms = packs_in_force(session).parameters(REGION, "2026-05").certification_terms()
    found = compute_certification(CERTIFIED, terms)
    return found.suspend_if_none_by, first_day(found.suspended_from_month)


@pytest.fixture
def holders(session, make_benefit):
    """Benefits that were certified on one day, by their states, and one of another day."""
    names = {
        "active": ACTIVE, "overdue": OVERDUE, "suspended": BenefitState.SUSPENDED,
        "ended": BenefitState.TERMINATED,
    }  # fmt: skip
    made = {
        name: make_benefit(
            CERTIFIED, state, factories.make_person(session, name=name, region_code=REGION)
        )
        for name, state in names.items()
    }
    beside = factories.make_person(session, name="beside", region_code=REGION)
    made["beside"] = make_benefit(date(2026, 4, 1), holder=beside)
    return made


@pytest.fixture
def told(session, holders):
    """Tell on a day; return how many were told, and of what."""

    def told(on):
        session.execute(delete(Message))
        number = tell_of_benefits(session, packs=packs_in_force(session), on=on, at=NOW)
        again = tell_of_benefits(session, packs=packs_in_force(session), on=on, at=NOW)
        assert again == 0
        names = {f"benefit-{benefit.id}": name for name, benefit in holders.items()}
        people = {benefit.person_id: name for name, benefit in holders.items()}
        rows = session.scalars(select(Message)).all()
        assert len(rows) == number
        assert {names[row.subject] for row in rows} == {people[row.person_id] for row in rows}
        return {(row.kind, names[row.subject], row.notified_on, row.until_on) for row in rows}

    return told


@pytest.mark.parametrize(("before", "stands"), [(61, None), (60, 60), (31, 60), (30, 30), (0, 7)])
def test_who_draws_it_is_reminded_before_the_last_day(told, period, before, stands):
    last_day, stops_on = period
    suspended = (SUSPENDED, "suspended", stops_on, None)

    found = {each for each in told(last_day - before * A_DAY) if each[0] != ANNOUNCED}

    reminded = {
        (REMINDER, name, last_day - (stands or 0) * A_DAY, last_day)
        for name in ("active", "overdue")
        if stands is not None
    }
    assert found == {suspended} | reminded


@pytest.mark.parametrize(("days", "is_late"), [(-31, None), (-30, False), (0, False), (1, True)])
def test_a_suspension_is_announced_a_month_before_or_late_where_nobody_was_told(
    told, period, days, is_late
):
    _last_day, stops_on = period
    on = stops_on + days * A_DAY
    stands = announced_on(month_of(stops_on))

    found = {each for each in told(on) if each[0] == ANNOUNCED}

    if is_late is None:
        assert found == set()
    elif not is_late:
        assert found == {(ANNOUNCED, name, stands, stops_on) for name in ("active", "overdue")}
    else:
        # It comes no sooner than thirty days from now, with the month after.
        later = first_day(add_months(month_of(on + 30 * A_DAY), 1))
        assert found == {(ANNOUNCED, "overdue", stands, later)}
