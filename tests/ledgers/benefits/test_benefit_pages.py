"""Months of benefits page by page: whose they are, in which order, and what was paid too much."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.ledgers.benefits import months as of_person
from siweb.ledgers.benefits import overpaid as paid_too_much
from siweb.ledgers.benefits.hold import hold_months
from siweb.ledgers.benefits.months import benefit_months
from siweb.ledgers.benefits.overpaid import count_overpaid, overpaid
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from tests import factories
from tests.conftest import NOW

REGION, ELSEWHERE, TODAY = "310000", "110000", NOW.date()
PAID, HELD, ADJUSTED = BenefitEntryKind.PAID, BenefitEntryKind.HELD, BenefitEntryKind.ADJUSTED


@pytest.fixture(autouse=True)
def _two_a_page(monkeypatch):
    for module in (of_person, paid_too_much):
        monkeypatch.setattr(module, "PAGE", 2)


@pytest.fixture
def drawing(session):
    """Somebody who draws a benefit, with what was paid of it by month."""

    def drawing(*paid, name="甲", died_on=None, **values):
        region = values.get("region_code", REGION)
        factories.make_region(session, region)
        person = factories.make_person(session, name=name, died_on=died_on, region_code=region)
        given = {
            "person_id": person.id, "region_code": REGION, "kind": BenefitKind.PENSION,
            "monthly_fen": 100, "from_month": "2015-01", "state": BenefitState.ACTIVE,
            "certified_on": date(2026, 1, 1),
        }  # fmt: skip
        benefit = Benefit(**(given | values))
        session.add(benefit)
        session.flush()
        for month, fen, kind in paid:
            add(session, benefit, month, kind, fen)
        return benefit

    return drawing


def add(session, benefit, month, kind=PAID, fen=100, sequence=0):
    session.add(
        BenefitEntry(
            region_code=benefit.region_code, month=month, person_id=benefit.person_id,
            benefit=benefit.kind, kind=kind, sequence=sequence, amount_fen=fen,
            paid_on=None if kind is HELD else TODAY, recorded_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def test_months_stand_newest_first_two_a_page(session, drawing):
    benefit = drawing(*((f"2026-0{month}", 100, PAID) for month in (3, 1, 4, 2)))
    drawing(("2026-09", 7, PAID))
    session.add(
        Benefit(
            person_id=benefit.person_id, region_code=REGION, kind=BenefitKind.INJURY,
            monthly_fen=1, from_month="2015-01", state=BenefitState.ACTIVE,
            certified_on=date(2026, 1, 1),
        )
    )  # fmt: skip
    session.flush()

    def page(number, *kinds):
        found, more = benefit_months(session, benefit.person_id, kinds or BenefitKind, page=number)
        return [each.month for each in found], more

    assert [page(number) for number in (1, 2, 3)] == [
        (["2026-04", "2026-03"], True), (["2026-02", "2026-01"], False), ([], False),
    ]  # fmt: skip
    assert page(1, BenefitKind.INJURY) == ([], False)
    assert page(1, BenefitKind.PENSION) == page(1)


def test_what_is_paid_after_all_is_shown_as_paid(session, drawing):
    benefit = drawing(("2026-01", 100, HELD), ("2026-02", 100, HELD), ("2026-02", 100, PAID))

    (second, first), _more = benefit_months(session, benefit.person_id)

    assert (first.is_held, [each.kind for each in first.shown]) == (True, [HELD])
    assert (second.is_held, [each.kind for each in second.shown]) == (False, [PAID])


def test_what_was_paid_too_much_stands_largest_first_where_its_benefit_lies(session, drawing):
    death = {"state": BenefitState.TERMINATED, "died_on": date(2026, 3, 31)}
    dead = [
        drawing(("2026-03", 9_000, PAID), ("2026-04", fen, PAID), name=name, **death)
        for name, fen in (("甲", 200), ("乙", 400), ("丙", 300), ("丁", 1))
    ]
    # Taken back, still running, held back, and another benefit that goes on: nothing too much.
    back = drawing(("2026-04", 500, PAID), name="戊", **death)
    add(session, back, "2026-04", ADJUSTED, -500, 1)
    drawing(("2026-04", 500, PAID), name="己", died_on=date(2026, 3, 31))
    drawing(("2026-04", 500, HELD), name="庚", **death)
    drawing(("2026-04", 500, PAID), name="辛", state=BenefitState.TERMINATED)
    stopped = drawing(
        ("2026-04", 50, PAID), ("2026-05", 60, PAID), ("2026-06", 70, PAID), name="壬",
        state=BenefitState.SUSPENDED, suspended_from_month="2026-05",
    )  # fmt: skip

    def page(number, scope=EVERYWHERE):
        found, more = overpaid(session, scope, page=number)
        return [(each.name, each.amount_fen) for each in found], more

    assert [page(number) for number in (1, 2, 3)] == [
        ([("乙", 400), ("丙", 300)], True),
        ([("甲", 200), ("壬", 130)], True),
        ([("丁", 1)], False),
    ]
    (found, *_rest), _more = overpaid(session, EVERYWHERE)
    assert (found.person_id, found.first_month, found.last_month, found.months) == (
        dead[1].person_id, "2026-04", "2026-04", 1,
    )  # fmt: skip
    (_first, suspended), _more = overpaid(session, EVERYWHERE, page=2)
    assert (suspended.person_id, suspended.first_month, suspended.last_month) == (
        stopped.person_id, "2026-05", "2026-06",
    )  # fmt: skip
    assert page(1, Scope(frozenset({ELSEWHERE}))) == ([], False)
    for scope, number in ((EVERYWHERE, 5), (Scope(frozenset({ELSEWHERE})), 0)):
        assert session.scalar(count_overpaid(TODAY, scope)) == number


def test_only_the_months_of_the_benefits_that_are_meant_are_kept(session, drawing):
    suspended = {"state": BenefitState.SUSPENDED, "suspended_from_month": "2026-10"}
    first, second = (drawing(name=name, **suspended) for name in "甲乙")

    assert hold_months(session, on=TODAY, at=NOW, benefits=[first.id]) == 2
    assert hold_months(session, on=TODAY, at=NOW, benefits=[]) == 0
    assert hold_months(session, on=TODAY, at=NOW) == 2
    assert set(session.scalars(select(BenefitEntry.person_id))) == {
        first.person_id, second.person_id,
    }  # fmt: skip
