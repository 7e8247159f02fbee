"""Benefits month by month: what a suspension keeps, and what the person and the desk read of it."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from siweb.auth.tables.appointment import Function
from siweb.ledgers.benefits.back_pay import held_months
from siweb.ledgers.benefits.hold import hold_months
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

REGION = "310000"
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(session):
    return factories.make_person(session, region_code=factories.make_region(session, REGION).code)


@pytest.fixture
def benefit(session, person):
    made = Benefit(
        person_id=person.id,
        region_code=REGION,
        kind=BenefitKind.PENSION,
        monthly_fen=345_678,
        from_month="2015-01",
        state=BenefitState.SUSPENDED,
        suspended_from_month="2026-09",
        certified_on=date(2025, 7, 1),
    )
    session.add(made)
    session.commit()
    return made


def entry(benefit, month, kind, fen=345_678, paid_on=None):
    return BenefitEntry(
        region_code=REGION, month=month, person_id=benefit.person_id, benefit=benefit.kind,
        kind=kind, sequence=0, amount_fen=fen, paid_on=paid_on, recorded_at=NOW,
    )  # fmt: skip


def held(session):
    kind = BenefitEntry.kind == BenefitEntryKind.HELD
    found = session.scalars(select(BenefitEntry).where(kind).order_by(BenefitEntry.month))
    return [(each.month, each.amount_fen) for each in found]


def test_a_suspension_keeps_the_months_from_then_on_once(session, benefit):
    session.add(entry(benefit, "2026-10", BenefitEntryKind.PAID, paid_on=date(2026, 10, 15)))
    session.flush()

    assert [hold_months(session, on=TODAY, at=NOW) for _ in range(2)] == [2, 0]

    assert held(session) == [("2026-09", 345_678), ("2026-11", 345_678)]


def test_months_before_a_benefit_begins_are_not_kept(session, benefit):
    benefit.from_month = "2026-11"
    session.flush()

    hold_months(session, on=TODAY, at=NOW)

    assert held(session) == [("2026-11", 345_678)]


@pytest.mark.parametrize("state", [BenefitState.ACTIVE, BenefitState.OVERDUE])
def test_what_goes_on_keeps_nothing(session, benefit, state):
    benefit.state, benefit.suspended_from_month = state, None
    session.flush()

    assert hold_months(session, on=TODAY, at=NOW) == 0


def test_nothing_is_paid_back_while_it_is_suspended_or_after_a_death(session, benefit, person):
    hold_months(session, on=TODAY, at=NOW)
    assert held_months(session, person.id, REGION) == []

    benefit.state, person.died_on = BenefitState.TERMINATED, date(2026, 10, 2)
    session.flush()

    assert [each.month for each in held_months(session, person.id, REGION)] == [
        "2026-09", "2026-10",
    ]  # fmt: skip


def test_no_month_is_paid_twice(session, benefit):
    session.add(entry(benefit, "2026-09", BenefitEntryKind.PAID, paid_on=TODAY))
    session.flush()
    session.add(entry(benefit, "2026-09", BenefitEntryKind.BACK_PAY))

    with pytest.raises(IntegrityError):
        session.flush()


def test_the_person_reads_each_month_and_why_it_was_held_back(client, session, benefit, person):
    session.add(entry(benefit, "2026-08", BenefitEntryKind.PAID, 340_001, date(2026, 8, 15)))
    hold_months(session, on=TODAY, at=NOW)
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)

    page = client.get("/record/benefits").text

    assert "CNY 3,400.01" in page
    assert "15 August 2026" in page
    assert page.count("held back: not certified in time") == 3
    assert "No month is lost" in page
    benefit.state = BenefitState.ACTIVE
    session.add(entry(benefit, "2026-09", BenefitEntryKind.BACK_PAY))
    session.commit()
    page = client.get("/record/benefits").text
    assert page.count("held back: not certified in time") == 2
    assert "decided, on its way" in page


def test_who_draws_nothing_reads_so(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)

    assert "This office pays you no benefit" in client.get("/record/benefits").text


def test_the_desk_reads_what_was_paid_too_much_and_whose(client, session, benefit, person):
    session.add(entry(benefit, "2026-10", BenefitEntryKind.PAID, 345_678, date(2026, 10, 15)))
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    clerk = factories.make_person(session, name="经办员")
    sign_in(client, session, clerk, functions=[Function.REVIEW])

    listed = client.get("/desk/benefits").text
    months = client.get(f"/desk/benefits/people/{person.id}").text

    assert person.name in listed
    assert "CNY 3,456.78" in listed
    assert "October 2026" in months
