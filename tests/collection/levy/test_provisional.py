"""Figures whose time has passed: the levy asks, bills say so, the adjustment is queued."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.bills.find import load_bill
from siweb.collection.levy.adjustment.tasks import open_tasks, queue_adjustments
from siweb.collection.levy.provisional import provisional_figures
from siweb.collection.levy.refusal import LevyRefused
from siweb.collection.levy.start import open_levy
from siweb.collection.tables.adjustment_task import AdjustmentTask
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.registry.packs.import_packs import import_packs
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.read import read_pack
from tests.conftest import NOW
from tests.levies import ON, adjust, levy

# Hangzhou: its limits are new each January, and those of 2026 are not published.
REGION = "330100"
MONTHS = ("2026-07", "2026-08")
NOTICE = """
[[limits]]
scheme = ["employee", "flexible"]
insurance = ["pension", "medical", "unemployment", "work_injury", "maternity"]
effective_from = "2026-01"
published_on = 2026-09-01
notice = "2026年的通知"
confidence = "demonstration"
base_floor = "5100.00"
base_ceiling = "26000.00"
"""
INSURANCES = ("pension", "medical")


def publish(session, text=NOTICE):
    pack, problems = read_pack(load_packs().packs[REGION].text + text, f"{REGION}.toml")
    assert not problems, problems
    import_packs(session, [pack], actor=SYSTEM, at=NOW)
    session.commit()


def figures(session, month=MONTHS[0]):
    return provisional_figures(packs_in_force(session).parameters(REGION, month, as_of=ON))


def queue(session, on=ON):
    return queue_adjustments(session, packs_in_force(session), on=on, at=NOW)


@pytest.fixture
def billed(session, hire_at, insure):
    """Two months that were billed with the limits of the year before."""
    employer = hire_at(REGION)
    insure(500_000, employer, REGION, INSURANCES)
    for month in MONTHS:
        levy(session, REGION, month)
    return employer


def test_the_levy_asks_before_it_bills_with_last_years_figures(session, hire_at, insure):
    insure(500_000, hire_at(REGION), REGION, INSURANCES)

    with pytest.raises(LevyRefused) as refused:
        open_levy(
            session, REGION, MONTHS[0], actor=SYSTEM, on=ON, at=NOW, packs=packs_in_force(session)
        )

    assert refused.value.code == "provisional"
    (first, *_) = refused.value.facts["figures"]
    assert (first["key"], first["since"]) == ("limits.employee.maternity", "2026-01")
    assert session.scalars(select(LevyRun)).all() == []


def test_a_preview_shows_them_without_asking(session, hire_at, insure):
    insure(500_000, hire_at(REGION), REGION, INSURANCES)

    run = open_levy(
        session,
        REGION,
        MONTHS[0],
        actor=SYSTEM,
        on=ON,
        at=NOW,
        kind=LevyKind.PREVIEW,
        packs=packs_in_force(session),
    )

    assert run.provisional == figures(session)


def test_a_month_of_this_years_figures_is_not_asked_about(session, hire_at, insure):
    insure(500_000, hire_at(REGION), REGION, INSURANCES)
    publish(session)

    run = open_levy(
        session, REGION, MONTHS[0], actor=SYSTEM, on=ON, at=NOW, packs=packs_in_force(session)
    )

    assert (run.provisional, run.state) == ([], LevyState.COMPUTING)


def test_what_was_published_after_the_day_of_the_levy_is_not_known_to_it(session, hire_at, insure):
    insure(500_000, hire_at(REGION), REGION, INSURANCES)
    publish(session)

    with pytest.raises(LevyRefused, match="provisional"):
        open_levy(
            session,
            REGION,
            MONTHS[0],
            actor=SYSTEM,
            on=date(2026, 8, 31),
            at=NOW,
            packs=packs_in_force(session),
        )


def test_a_rate_that_ended_is_named_as_waiting(session):
    parameters = packs_in_force(session).parameters("440100", "2026-08")

    waits = [one for one in provisional_figures(parameters) if one["waits"]]

    assert [one["key"] for one in waits] == ["rates.employee.unemployment"]
    assert waits[0]["since"] == "2025-12"


def test_a_bill_is_provisional_until_its_adjustment(session, billed):
    bill = session.scalars(select(Bill).order_by(Bill.id)).first()
    assert load_bill(session, bill, on=ON, packs=packs_in_force(session)).provisional == figures(
        session
    )
    publish(session)

    adjust(session, REGION, MONTHS)

    assert load_bill(session, bill, on=ON, packs=packs_in_force(session)).provisional == []


def test_nothing_is_queued_before_the_notice_comes(session, billed):
    assert queue(session) == 0
    assert open_tasks(session, [REGION]) == []


def test_the_months_are_queued_once_when_the_notice_comes(session, billed):
    publish(session)

    assert [queue(session), queue(session)] == [1, 0]

    (task,) = open_tasks(session, [REGION])
    assert (task.region_code, task.first_month, task.last_month) == (REGION, *MONTHS)
    assert open_tasks(session, ["310000"]) == []


def test_a_notice_of_the_future_queues_nothing(session, billed):
    publish(session)

    assert queue(session, on=date(2026, 8, 31)) == 0
    assert queue(session, on=date(2026, 9, 1)) == 1


def test_more_months_widen_the_task_that_waits(session, hire_at, insure):
    insure(500_000, hire_at(REGION), REGION, INSURANCES)
    levy(session, REGION, MONTHS[1])
    publish(session)
    queue(session)
    run = session.scalars(select(LevyRun)).one()
    earlier = LevyRun(
        region_code=REGION,
        contribution_month="2026-03",
        through_month="2026-03",
        kind=LevyKind.REGULAR,
        sequence=0,
        state=LevyState.ISSUED,
        as_of=ON,
        due_on=ON,
        totals={},
        started_at=NOW,
        provisional=run.provisional,
    )
    session.add(earlier)
    session.flush()

    assert queue(session) == 0

    (task,) = open_tasks(session, [REGION])
    assert (task.first_month, task.last_month) == ("2026-03", "2026-08")


@pytest.mark.parametrize(("months", "is_done"), [(MONTHS, True), ((MONTHS[0], MONTHS[0]), False)])
def test_an_adjustment_of_all_its_months_ends_the_task(session, billed, months, is_done):
    publish(session)
    queue(session)

    run = adjust(session, REGION, months)

    task = session.scalars(select(AdjustmentTask)).one()
    assert (task.done_at is not None) is is_done
    assert (task.levy_run_id == run.id) is is_done


def test_adjusted_months_are_not_queued_again(session, billed):
    publish(session)
    queue(session)
    adjust(session, REGION, MONTHS)

    assert queue(session) == 0


def test_a_month_adjusted_only_in_part_is_queued_for_the_rest(session, billed):
    publish(session)
    adjust(session, REGION, (MONTHS[0], MONTHS[0]))

    queue(session)

    (task,) = open_tasks(session, [REGION])
    assert (task.first_month, task.last_month) == (MONTHS[1], MONTHS[1])


def test_the_adjustment_bills_what_the_notice_changes(session, billed):
    before = session.scalars(select(Bill.total_fen)).all()
    publish(session)

    run = adjust(session, REGION, MONTHS)

    bill = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one()
    assert run.state is LevyState.ISSUED
    assert bill.total_fen > 0
    assert sum(before) > 0
