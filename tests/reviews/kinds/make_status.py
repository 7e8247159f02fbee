"""A stated status that the agency upheld: what tests of its task begin with."""

from datetime import date

from siweb.registry.codes import Insurance, Scheme
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.objection import Objection, ObjectionState, Problem
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tables.task import ReviewTask, TaskKind
from tests import factories
from tests.conftest import NOW


def make_status_task(session, person, *, from_month="2026-01"):
    """Somebody insured as a resident who stated an employer, and the task that follows."""
    enrolment = factories.make_enrolment(
        session, person, scheme=Scheme.RESIDENT, insurance=Insurance.MEDICAL, from_month=from_month
    )
    campaign = Campaign(
        region_code=person.region_code, kind=ReviewKind.MEDICAL_STATUS, year=2027,
        period_from_month="2027-01", period_to_month="2027-12", opens_on=date(2026, 10, 1),
        closes_on=date(2026, 12, 31), rules={},
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    review = Review(
        reference="STATUS234567", campaign_id=campaign.id, person_id=person.id,
        state=ReviewState.CORRECTING, reason="upheld", opened_at=NOW, submitted_at=NOW,
        answers={"status": {"status": "employer", "place": "乙公司"}},
    )  # fmt: skip
    session.add(review)
    session.flush()
    objection = Objection(
        review_id=review.id, problem=Problem.MEDICAL_STATUS, insurances=["medical"], words="乙公司",
        state=ObjectionState.UPHELD, raised_at=NOW,
    )  # fmt: skip
    session.add(objection)
    session.flush()
    task = ReviewTask(
        kind=TaskKind.CORRECT_STATUS, review_id=review.id, objection_id=objection.id,
        person_id=person.id, due_on=date(2026, 12, 10), opened_at=NOW, words="",
    )  # fmt: skip
    session.add(task)
    session.commit()
    return task, enrolment
