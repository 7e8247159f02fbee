"""What becomes of one case is decided by its own objections, tasks and benefits alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.acting import employers_held
from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.documents.tables.document import Document
from siweb.messages.tables.message import Message
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.reviews.decide import count_waiting_reviews, decide_certification
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.questions import concerned_insurances
from siweb.reviews.objections.answer import (
    answer_as_employer,
    find_asked,
    objections_of_employers,
    tell_employers,
)
from siweb.reviews.receipt import give_receipt
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.objection import ObjectionState, Problem
from siweb.reviews.tables.review import Review, ReviewEvent, ReviewState
from siweb.reviews.tables.task import ReviewTask, TaskKind, TaskResult, TaskState
from siweb.reviews.tasks.certified import BenefitEnded, hold_benefits
from siweb.reviews.tasks.find import GROUPS, count_waiting_tasks, group_of, open_corrections
from siweb.reviews.tasks.finish import TaskRefused, finish_task
from siweb.reviews.tasks.open import open_task
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION
from tests.reviews.objections.test_objections import wait_too
from tests.sign_in import sign_in

TODAY = NOW.date()
HERE, THERE = Scope(frozenset({REGION})), Scope(frozenset({"110000"}))


@pytest.fixture
def facts_of(session):
    def facts_of(review):
        campaign = session.get_one(Campaign, review.campaign_id)
        return ReviewFacts(session, review, campaign, TODAY, packs_in_force(session))

    return facts_of


@pytest.fixture
def clerk(session):
    person = factories.make_person(session, name="经办员")
    return Actor(factories.make_account(session, person).id, person.id)


def test_what_waits_is_counted_where_it_lies(session, make_review):
    review = make_review(state=ReviewState.MANUAL_REVIEW)
    campaign = session.get_one(Campaign, review.campaign_id)
    open_task(session, review, campaign, TaskKind.CORRECT_MONTH, actor=SYSTEM, on=TODAY, at=NOW)

    for scope, number in ((EVERYWHERE, 1), (HERE, 1), (THERE, 0)):
        assert session.scalar(count_waiting_reviews(TODAY, scope)) == number
        assert session.scalar(count_waiting_tasks("corrections")(TODAY, scope)) == number
        assert session.scalar(count_waiting_tasks("back-payments")(TODAY, scope)) == 0


def test_each_kind_of_task_stands_in_its_list():
    found = {group: {kind for kind in TaskKind if group_of(kind) == group} for group in GROUPS}
    assert found == GROUPS


def test_an_employers_agents_are_asked_in_number_by_the_earliest_last_day(
    session, employer, make_review, make_objection
):
    other = factories.make_employer(session, region_code=REGION)
    account = factories.make_account(session, factories.make_person(session))
    factories.make_mandate(session, account, employer, "viewer")
    review = make_review(answer_by=date(2026, 12, 9))
    sooner = wait_too(session, review, 1, ReviewState.EMPLOYER_CONFIRM, date(2026, 12, 1))
    decided = wait_too(session, review, 2, ReviewState.MANUAL_REVIEW, date(2026, 11, 1))
    for of in (review, sooner, decided):
        make_objection(of)
    make_objection(review, "2025-04", state=ObjectionState.WITHDRAWN)
    make_objection(review, "2025-05", employer_answered_at=NOW)
    make_objection(review, "2025-06").employer_id = other.id
    session.flush()

    (found,) = session.execute(objections_of_employers(employers_held(account.id, TODAY))).all()

    assert (found.key, found.number, found.last_day) == (employer.uscc, 2, date(2026, 12, 1))


def test_those_are_told_who_are_asked_and_have_not_answered(
    session, employer, make_review, make_objection
):
    employers = [factories.make_employer(session, region_code=REGION) for _ in range(3)]
    review = make_review()
    beside = wait_too(session, review, 1, ReviewState.EMPLOYER_CONFIRM, review.answer_by)
    make_objection(review)
    for of, at, values in (
        (review, employers[0], {}),
        (review, employers[1], {"employer_answered_at": NOW}),
        (beside, employers[2], {}),
    ):
        make_objection(of, "2025-04", **values).employer_id = at.id
    session.flush()

    tell_employers(session, review, at=NOW)
    session.flush()
    told = session.scalars(select(Message.employer_id).where(Message.employer_id.is_not(None)))
    assert set(told) == {employer.id, employers[0].id}

    # Whoever waits for the agency asks no employer.
    review.state = ReviewState.MANUAL_REVIEW
    session.execute(update(Message).values(subject="other"))
    tell_employers(session, review, at=NOW)
    session.flush()
    assert set(session.scalars(select(Message.subject))) == {"other"}


@pytest.mark.parametrize("agrees", [True, False])
def test_the_last_answer_of_a_case_sends_it_on_whatever_stands_beside_it(
    session, employer, make_review, make_objection, agrees
):
    review = make_review()
    beside = wait_too(session, review, 1, ReviewState.EMPLOYER_CONFIRM, review.answer_by)
    objection = make_objection(review)
    make_objection(review, "2025-04", state=ObjectionState.WITHDRAWN)
    make_objection(review, None, problem=Problem.PERSONAL_DATA).employer_id = None
    make_objection(beside)
    session.flush()
    asked = find_asked(session, employer.id, objection.id)

    assert answer_as_employer(session, asked, agrees=agrees, words="", actor=SYSTEM, at=NOW)

    reason = "employer_agrees" if agrees else "employer_disagrees"
    assert (review.state, review.reason) == (ReviewState.MANUAL_REVIEW, reason)
    assert beside.state is ReviewState.EMPLOYER_CONFIRM


@pytest.mark.parametrize(
    ("by_office", "beside", "state", "reason"),
    [
        (False, False, ReviewState.REJECTED, "corrected_in_part"),
        # What the office itself had found, or what stands in another case, is nothing lost.
        (True, False, ReviewState.PASSED, "corrected"),
        (False, True, ReviewState.PASSED, "corrected"),
    ],
)
def test_what_was_lost_in_a_case_is_told_as_it_ends(
    session, clerk, make_review, make_objection, facts_of, by_office, beside, state, reason
):
    review = make_review(state=ReviewState.CORRECTING)
    other = wait_too(session, review, 1, ReviewState.CORRECTING)
    facts = facts_of(review)
    upheld = make_objection(review, state=ObjectionState.UPHELD)
    make_objection(
        other if beside else review, "2025-04", state=ObjectionState.DISMISSED,
        found_by_office=by_office,
    )  # fmt: skip
    tasks = [
        open_task(
            session, of, facts.campaign, kind, actor=SYSTEM, on=TODAY, at=NOW, objection=objection
        )
        for of, kind, objection in (
            (review, TaskKind.CORRECT_MONTH, upheld),
            (other, TaskKind.CORRECT_MONTH, None),
            (review, TaskKind.RECHECK, None),
        )
    ]
    assert open_corrections(session, review.id) == 1
    done = {"result": TaskResult.DONE, "outcome": "已补记", "actor": clerk, "at": NOW,
            "secret": "s" * 32, "is_corrected": True}  # fmt: skip

    finish_task(session, tasks[0], facts, **done)

    assert (review.state, review.reason) == (state, reason)
    assert upheld.state is ObjectionState.CORRECTED
    # Ended once more at the same moment, it is refused by the row itself.
    with pytest.raises(TaskRefused) as refused:
        finish_task(session, tasks[0], facts, **done)
    assert refused.value.code == "done"
    states = session.execute(select(ReviewTask.id, ReviewTask.state)).all()
    assert [each for each, state_ in states if state_ is TaskState.DONE] == [tasks[0].id]


def test_the_benefits_of_a_case_are_those_of_its_person_that_run_there(
    session, person, make_review, make_benefit, facts_of
):
    facts = facts_of(make_review(ReviewKind.CERTIFICATION, ReviewState.MANUAL_REVIEW))
    factories.make_region(session, "110000")
    make_benefit(date(2026, 1, 1), holder=factories.make_person(session))
    kinds = (BenefitKind.PENSION, BenefitKind.INJURY, BenefitKind.SURVIVOR)
    for kind, values in zip(
        kinds,
        ({"region_code": "110000"}, {"state": BenefitState.TERMINATED}, {}),
        strict=True,
    ):
        given = {
            "person_id": person.id, "region_code": REGION, "kind": kind, "monthly_fen": 1,
            "from_month": "2015-01", "state": BenefitState.ACTIVE,
            "certified_on": date(2026, 1, 1),
        }  # fmt: skip
        session.add(Benefit(**(given | values)))
    session.flush()

    assert [each.kind for each in hold_benefits(session, facts)] == [BenefitKind.SURVIVOR]
    session.execute(update(Benefit).values(state=BenefitState.TERMINATED))
    with pytest.raises(BenefitEnded):
        hold_benefits(session, facts)


@pytest.mark.parametrize(("words", "kept"), [("家访", {"words": "家访"}), ("", {})])
def test_why_somebody_was_not_certified_stands_in_the_timeline(
    session, clerk, make_review, make_benefit, facts_of, words, kept
):
    make_benefit(date(2025, 3, 1))
    review = make_review(ReviewKind.CERTIFICATION, ReviewState.MANUAL_REVIEW)

    assert decide_certification(
        session, facts_of(review), is_certified=False, words=words, actor=clerk, at=NOW,
        secret="s" * 32,
    )  # fmt: skip

    event = session.scalars(select(ReviewEvent).order_by(ReviewEvent.id.desc())).first()
    assert (event.to_state, event.facts) == ("rejected", kept)


@pytest.mark.parametrize(
    ("answers", "helper", "told"),
    [
        ({"base": {"base_fen": 900_000}}, None, [{"fen": 900_000}]),
        ({}, None, []),
        (None, "李梅", [{"name": "李梅"}]),
    ],
)
def test_a_receipt_says_the_base_and_who_declared(
    session, make_review, facts_of, answers, helper, told
):
    review = make_review(ReviewKind.BASE_CHOICE, ReviewState.PASSED, reason="base_chosen")
    review.answers, review.helper_name = answers, helper

    give_receipt(session, facts_of(review), actor=SYSTEM, at=NOW, secret="s" * 32)

    (receipt,) = session.scalars(select(Document))
    assert [fact[1] for fact in receipt.payload["facts"][3:]] == told


def test_a_draft_has_no_page_of_a_sent_case(client, session, person, make_review):
    make_review(state=ReviewState.DRAFT)
    sign_in(client, session, person)

    assert client.get("/reviews/ABCDEFGHJKMN").location == "/reviews"


@pytest.mark.parametrize(
    ("problem", "month", "insurances"),
    [
        ("missing", "2025-02", ("medical",)),
        ("missing", "2025-01", ("pension", "unemployment", "maternity", "work_injury")),
        ("wrong_base", "2025-01", ("medical",)),
        ("wrong_base", "2024-12", None),
    ],
)
def test_a_question_concerns_the_insurances_in_which_it_can_be(
    session, person, employer, make_review, facts_of, problem, month, insurances
):
    factories.make_enrolment(
        session, person, Insurance.MEDICAL, employer=employer, from_month="2025-01"
    )
    factories.make_record(session, person, "2025-01", Insurance.MEDICAL, employer=employer)
    facts = facts_of(make_review(state=ReviewState.PASSED))

    found = concerned_insurances(facts, month, problem)

    assert set(found) == set(insurances or [each.value for each in Insurance])


@pytest.mark.parametrize(
    ("values", "is_set_right"),
    [
        (None, False),
        ({}, True),
        ({"recorded_at": NOW}, False),
        ({"month": "2025-04"}, False),
        ({"insurance": Insurance.MEDICAL}, False),
        ({"whose": "other"}, False),
    ],
    ids=str,
)
def test_a_correction_ends_by_words_alone_where_its_month_was_recorded_since(
    session, person, clerk, make_review, make_objection, facts_of, values, is_set_right
):
    review = make_review(state=ReviewState.CORRECTING)
    facts = facts_of(review)
    objection = make_objection(review, state=ObjectionState.UPHELD)
    tasks = [
        open_task(
            session, review, facts.campaign, TaskKind.CORRECT_MONTH, actor=SYSTEM, on=TODAY,
            at=NOW, objection=each,
        )
        for each in (objection, None)
    ]  # fmt: skip
    if values is not None:
        given = {"month": "2025-03", "insurance": Insurance.PENSION} | values
        whose = factories.make_person(session) if given.pop("whose", None) else person
        at = {"recorded_at": NOW + timedelta(seconds=1)}
        month, insurance = given.pop("month"), given.pop("insurance")
        factories.make_record(session, whose, month, insurance, **(at | given))

    def finish(task):
        finish_task(
            session, task, facts, result=TaskResult.DONE, outcome="已补记", actor=clerk, at=NOW,
            secret="s" * 32,
        )  # fmt: skip

    # Without an objection nothing tells what is to be right.
    with pytest.raises(TaskRefused, match="not_corrected"):
        finish(tasks[1])
    if is_set_right:
        finish(tasks[0])
        session.refresh(tasks[0])
        assert tasks[0].outcome == "已补记"
    else:
        with pytest.raises(TaskRefused, match="not_corrected"):
            finish(tasks[0])


def test_what_was_decided_meanwhile_is_not_answered_any_more(
    session, employer, make_review, make_objection
):
    review = make_review()
    objection = make_objection(review)
    asked = find_asked(session, employer.id, objection.id)
    moved = update(Review).values(state=ReviewState.MANUAL_REVIEW)
    session.execute(moved.execution_options(synchronize_session=False))

    assert not answer_as_employer(session, asked, agrees=True, words="", actor=SYSTEM, at=NOW)
    assert objection.employer_answered_at is None


@pytest.mark.parametrize("moved_meanwhile", [False, True])
def test_one_correction_gives_one_receipt_whoever_ends_the_case_first(
    session, clerk, make_review, make_objection, facts_of, moved_meanwhile
):
    review = make_review(state=ReviewState.CORRECTING)
    facts = facts_of(review)
    objection = make_objection(review, state=ObjectionState.UPHELD)
    task = open_task(
        session, review, facts.campaign, TaskKind.CORRECT_MONTH, actor=SYSTEM, on=TODAY, at=NOW,
        objection=objection,
    )  # fmt: skip
    if moved_meanwhile:
        moved = update(Review).values(state=ReviewState.PASSED)
        session.execute(moved.execution_options(synchronize_session=False))

    finish_task(
        session, task, facts, result=TaskResult.DONE, outcome="已补记", actor=clerk, at=NOW,
        secret="s" * 32, is_corrected=True,
    )  # fmt: skip

    receipts = session.scalar(select(func.count()).select_from(Document))
    states = set(session.scalars(select(ReviewEvent.to_state)))
    assert receipts == (0 if moved_meanwhile else 1)
    assert (ReviewState.PASSED.value in states) is not moved_meanwhile
