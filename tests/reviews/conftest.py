from datetime import date

import pytest
import time_machine

from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.objection import Objection, Problem
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.conftest import NOW

REGION = "310000"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(session):
    return factories.make_person(session, name="王芳", region_code=REGION)


@pytest.fixture
def employer(session):
    return factories.make_employer(session, name="甲公司", region_code=REGION)


@pytest.fixture
def make_review(session, person):
    """A case that was sent and waits for somebody."""

    def make(kind=ReviewKind.RECORD_CHECK, state=ReviewState.EMPLOYER_CONFIRM, **values):
        campaign = Campaign(
            region_code=REGION,
            kind=kind,
            year=2025,
            period_from_month="2025-01",
            period_to_month="2025-12",
            opens_on=date(2026, 10, 1),
            rules=values.pop("rules", {"recheck_ppm": 0}),
            closes_on=values.pop("closes_on", None),
        )
        session.add(campaign)
        session.flush()
        review = Review(
            reference="ABCDEFGHJKMN",
            campaign_id=campaign.id,
            person_id=person.id,
            state=state,
            reason=values.pop("reason", "employer_asked"),
            answer_by=values.pop("answer_by", date(2026, 12, 9)),
            opened_at=NOW,
            submitted_at=NOW,
            **values,
        )
        session.add(review)
        session.commit()
        return review

    return make


@pytest.fixture
def make_objection(session, employer):
    def make(review, month="2025-03", **values):
        objection = Objection(
            review_id=review.id,
            problem=values.pop("problem", Problem.MISSING),
            insurances=values.pop("insurances", ["pension"]),
            contribution_month=month,
            words="工资条",
            employer_id=employer.id,
            raised_at=NOW,
            **values,
        )
        session.add(objection)
        session.commit()
        return objection

    return make


@pytest.fixture
def make_benefit(session, person):
    def make(certified_on, state=BenefitState.ACTIVE, holder=person):
        benefit = Benefit(
            person_id=holder.id,
            region_code=REGION,
            kind=BenefitKind.PENSION,
            monthly_fen=350_000,
            from_month="2015-01",
            state=state,
            certified_on=certified_on,
        )
        session.add(benefit)
        session.commit()
        return benefit

    return make
