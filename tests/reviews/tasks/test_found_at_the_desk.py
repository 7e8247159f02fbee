"""Which cases the desk finds: those that were sent, wait and lie in its regions."""

from datetime import timedelta

import pytest

from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.reviews import decide
from siweb.reviews.decide import find_sent, open_objections, waiting_visits
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.objection import ObjectionState
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION

TODAY, A_DAY = NOW.date(), timedelta(days=1)
MANUAL = ReviewState.MANUAL_REVIEW


@pytest.fixture
def engine(sqlite_engine):
    """Which cases are found is the same on either database."""
    return sqlite_engine


@pytest.fixture
def first(make_review):
    return make_review(ReviewKind.CERTIFICATION, MANUAL, reason="visit_wanted")


@pytest.fixture
def beside(session, first):
    """Another person's case of the same campaign."""

    def beside(name, state=MANUAL, reason="visit_wanted", minutes=0, **values):
        whose = factories.make_person(session, name=name, region_code=REGION)
        row = Review(
            reference=f"CASE{whose.id:08}", campaign_id=first.campaign_id, person_id=whose.id,
            state=state, reason=reason, opened_at=NOW,
            submitted_at=NOW + timedelta(minutes=minutes), **values,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    return beside


@pytest.mark.parametrize("state", list(ReviewState))
def test_a_case_is_found_by_its_reference_once_it_was_sent(session, first, beside, state):
    row = beside("李梅", state)

    found = find_sent(session, row.reference)

    if state is ReviewState.DRAFT:
        assert found is None
    else:
        assert (found.review, found.person_name) == (row, "李梅")
        assert found.campaign.id == first.campaign_id
    assert find_sent(session, f"{row.reference}X") is None
    assert find_sent(session, first.reference).person_name == "王芳"


def test_visits_are_those_that_wait_for_one_the_oldest_first(session, first, beside, monkeypatch):
    later, sooner = beside("后", minutes=5), beside("先", minutes=-5)
    silent = beside("默", ReviewState.EMPLOYER_CONFIRM, minutes=9, answer_by=TODAY - A_DAY)
    beside("在等", ReviewState.EMPLOYER_CONFIRM, answer_by=TODAY)
    beside("窗口", reason="window_planned")
    beside("已过", ReviewState.PASSED)
    beside("草稿", ReviewState.DRAFT)

    def listed(page=1, scope=EVERYWHERE):
        found, has_more = waiting_visits(session, scope=scope, on=TODAY, page=page)
        return [each.review.id for each in found], has_more

    everything = [sooner.id, first.id, later.id, silent.id]
    assert listed() == (everything, False)
    assert listed(scope=Scope(frozenset({REGION}))) == (everything, False)
    assert listed(scope=Scope(frozenset({"110000"}))) == ([], False)
    monkeypatch.setattr(decide, "PAGE", 3)
    assert [listed(number) for number in (1, 2)] == [
        (everything[:3], True), (everything[3:], False),
    ]  # fmt: skip


def test_the_open_objections_are_those_of_the_case(session, first, beside, make_objection):
    other = beside("李梅")
    kept = [make_objection(first), make_objection(first, "2025-04")]
    make_objection(first, "2025-05", state=ObjectionState.WITHDRAWN)
    make_objection(first, "2025-06", state=ObjectionState.UPHELD)
    make_objection(other)

    assert [each.id for each in open_objections(session, first.id)] == [each.id for each in kept]
