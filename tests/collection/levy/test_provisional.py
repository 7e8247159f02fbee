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
from siweb.collection.tables.bill import Bill, BillLine
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


PENSION_NOTICE = NOTICE.replace(
    'insurance = ["pension", "medical", "unemployment", "work_injury", "maternity"]',
    'insurance = ["pension"]',
)
REST_NOTICE = NOTICE.replace('insurance = ["pension", "medical"', 'insurance = ["medical"')


def test_one_notice_of_two_is_enough_and_the_other_follows(session, billed):
    """Two agencies publish on their own: each notice has its adjustment."""
    publish(session, PENSION_NOTICE)
    assert queue(session) == 1

    run = adjust(session, REGION, MONTHS)

    assert {one["key"] for one in run.provisional} >= {"limits.employee.medical"}
    assert "limits.employee.pension" not in {one["key"] for one in run.provisional}
    first = session.scalars(select(Bill).order_by(Bill.id)).first()
    still = load_bill(session, first, on=ON, packs=packs_in_force(session)).provisional
    assert "limits.employee.pension" not in {one["key"] for one in still}
    assert "limits.employee.medical" in {one["key"] for one in still}
    assert queue(session) == 0
    publish(session, PENSION_NOTICE + REST_NOTICE)
    assert queue(session) == 1
    adjust(session, REGION, MONTHS)
    assert queue(session) == 0
    assert load_bill(session, first, on=ON, packs=packs_in_force(session)).provisional == []


def test_a_second_run_of_a_month_does_not_make_the_first_final(session, billed, insure):
    """Who came after the notice is billed by it; who was billed before waits for the adjustment."""
    publish(session)
    insure(500_000, billed, REGION, INSURANCES)
    levy(session, REGION, MONTHS[0])

    queue(session)

    (task,) = open_tasks(session, [REGION])
    assert (task.first_month, task.last_month) == MONTHS


# Guangzhou: the unemployment rate ended in 2025.
WAITING_REGION = "440100"
RATE = """
[[rates]]
scheme = "employee"
insurance = "unemployment"
effective_from = "2026-01"
published_on = 2026-09-01
notice = "失业保险费率的通知"
confidence = "demonstration"
employer = "0.8"
employee = "0.2"
"""


def publish_rate(session):
    pack, problems = read_pack(
        load_packs().packs[WAITING_REGION].text + RATE, f"{WAITING_REGION}.toml"
    )
    assert not problems, problems
    import_packs(session, [pack], actor=SYSTEM, at=NOW)
    session.commit()


@pytest.fixture
def waiting(session, hire_at, insure):
    """A month billed without unemployment, since its rate was not known."""
    employer = hire_at(WAITING_REGION)
    person = insure(1_000_000, employer, WAITING_REGION, ("pension", "unemployment"))
    levy(session, WAITING_REGION, MONTHS[0])
    return employer, person


def unemployment(session):
    return session.execute(
        select(Bill.due_on, BillLine.employer_fen, BillLine.employee_fen)
        .join(BillLine, BillLine.bill_id == Bill.id)
        .where(BillLine.insurance == "unemployment")
    ).all()


def test_an_insurance_that_waited_is_billed_by_the_adjustment(session, waiting):
    assert unemployment(session) == []
    publish_rate(session)
    assert queue_adjustments(session, packs_in_force(session), on=ON, at=NOW) == 1

    run = adjust(session, WAITING_REGION, (MONTHS[0], MONTHS[0]))

    assert unemployment(session) == [(run.due_on, 8_000, 2_000)]
    bill = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one()
    # Nobody could have paid it before: it is due on the day of the notice.
    assert load_bill(session, bill, on=ON, packs=packs_in_force(session)).facts.months == []


def test_a_month_is_adjusted_before_it_is_billed_again(session, waiting, insure):
    """A second run would say that what nobody could know had been due all along."""
    employer, _person = waiting
    insure(600_000, employer, WAITING_REGION, ("pension", "unemployment"))
    publish_rate(session)

    with pytest.raises(LevyRefused, match="adjust_first"):
        levy(session, WAITING_REGION, MONTHS[0])
    adjust(session, WAITING_REGION, (MONTHS[0], MONTHS[0]))
    assert [fen for _, fen, _ in unemployment(session)] == [8_000]

    levy(session, WAITING_REGION, MONTHS[0])

    assert sorted(fen for _, fen, _ in unemployment(session)) == [4_800, 8_000]


def test_while_the_rate_is_unknown_a_month_can_be_billed_again(session, waiting, insure):
    employer, _person = waiting
    insure(600_000, employer, WAITING_REGION, ("pension", "unemployment"))

    assert levy(session, WAITING_REGION, MONTHS[0]).state is LevyState.ISSUED
    assert unemployment(session) == []
