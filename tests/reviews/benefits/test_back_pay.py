"""What was held back of a benefit is paid as amounts: what two people saw, month by month."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.collection.books.imbalance import Scope
from siweb.collection.books.recompute.benefits import benefit_imbalances
from siweb.collection.books.recompute.payouts import payout_imbalances
from siweb.collection.tables.payout import Payout, PayoutKind
from siweb.ledgers.benefits.back_pay import BackPayRefused
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import BenefitState
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import ReviewState
from siweb.reviews.tables.task import TaskKind, TaskState
from tests.conftest import NOW
from tests.reviews.conftest import REGION
from tests.reviews.tasks.test_tasks import DESK, as_staff, browser, finish, tasks
from tests.second_person import check_all

__all__ = ["as_staff", "browser"]


def test_a_suspended_benefit_goes_on_and_a_task_pays_what_was_held_back(
    browser, session, as_staff, make_review, make_benefit
):
    benefit = make_benefit(date(2024, 1, 1), BenefitState.SUSPENDED)
    benefit.suspended_from_month = "2025-05"
    session.commit()
    make_review(ReviewKind.CERTIFICATION, ReviewState.MANUAL_REVIEW, reason="visit_wanted")
    as_staff()

    browser.post(DESK, data={"verdict": "yes", "words": "家访"})

    kinds = {task.kind: task.words for task in tasks(session)}
    assert "2025-05" in kinds[TaskKind.BACK_PAY]
    assert benefit.state is BenefitState.ACTIVE

    (held_back,) = [task for task in tasks(session) if task.kind is TaskKind.BACK_PAY]
    page = f"/desk/review-tasks/task/{held_back.id}"
    shown = browser.get(page).text
    assert "Send it to be checked" in shown
    # 19 months, May 2025 to November 2026.
    assert "CNY 66,500.00" in shown
    assert finish(browser, held_back, outcome="补发2025年5月起").status_code == 422
    paid = {"outcome": "补发2025年5月起", "by": "file"}
    assert finish(browser, held_back, **paid).status_code == 303
    session.refresh(held_back)
    assert held_back.state is TaskState.OPEN
    assert "Waits for a second person" in browser.get(page).text
    assert paid_back(session) == 0

    check_all(session)

    session.refresh(held_back)
    assert (held_back.state, held_back.outcome) == (TaskState.DONE, "补发2025年5月起")
    assert paid_back(session) == 19 * 350_000
    assert list(benefit_imbalances(session, Scope())) == []
    (payout,) = session.scalars(select(Payout))
    assert (payout.kind, payout.amount_fen) == (PayoutKind.BENEFIT, 19 * 350_000)
    assert list(payout_imbalances(session, Scope())) == []


def paid_back(session):
    is_back_pay = BenefitEntry.kind == BenefitEntryKind.BACK_PAY
    total = select(func.coalesce(func.sum(BenefitEntry.amount_fen), 0)).where(is_back_pay)
    return session.scalar(total)


def test_back_pay_is_what_its_maker_saw_or_is_refused(
    browser, session, as_staff, make_review, make_benefit
):
    benefit = make_benefit(date(2024, 1, 1), BenefitState.SUSPENDED)
    benefit.suspended_from_month = "2026-10"
    session.commit()
    make_review(ReviewKind.CERTIFICATION, ReviewState.MANUAL_REVIEW, reason="visit_wanted")
    as_staff()
    browser.post(DESK, data={"verdict": "yes", "words": "家访"})
    (held_back,) = [task for task in tasks(session) if task.kind is TaskKind.BACK_PAY]
    finish(browser, held_back, outcome="补发", by="list")
    # Meanwhile the paying side paid one of the months by itself.
    session.add(
        BenefitEntry(
            region_code=REGION, month="2026-10", person_id=benefit.person_id,
            benefit=benefit.kind, kind=BenefitEntryKind.PAID, sequence=0, amount_fen=350_000,
            paid_on=NOW.date(), recorded_at=NOW,
        )
    )  # fmt: skip
    session.commit()

    with pytest.raises(BackPayRefused) as refused:
        check_all(session)

    assert refused.value.code == "held_differs"
