"""A reader sees since when a decision has effect, and until when something can be done."""

import pytest
import time_machine

from siweb.audit.actor import SYSTEM
from siweb.collection.assessments.decide import decide
from siweb.messages.kinds.assessments import ASSESSMENT_DECIDED
from siweb.registry.packs.in_force import packs_in_force
from siweb.reviews.move import move_review
from siweb.reviews.tables.review import ReviewState
from tests import factories
from tests.collection.make_cases import DECIDER, propose
from tests.conftest import NOW
from tests.reviews.conftest import employer, make_review, person
from tests.served import serve
from tests.sign_in import sign_in

__all__ = ["employer", "make_review", "person"]
pytestmark = pytest.mark.usefixtures("_notes_are_kept")
TODAY = NOW.date()
DAYS = ("administrative review until 25 January 2027", "go to court until 24 May 2027")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(client, session):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def signed_in(reader):
        sign_in(client, session, reader)
        session.commit()
        return client

    return signed_in


@pytest.mark.parametrize(
    ("state", "reason", "kind"),
    [
        (ReviewState.REJECTED, "dismissed", "review_rejected"),
        (ReviewState.CORRECTING, "partly_upheld", "review_partly_upheld"),
    ],
)
def test_a_case_says_since_when_its_decision_counts(
    browser, session, person, make_review, state, reason, kind
):
    review = make_review(state=ReviewState.MANUAL_REVIEW)
    move_review(session, review, state, reason=reason, actor=SYSTEM, at=NOW)
    session.commit()
    client = browser(person)
    page = client.get(f"/reviews/{review.reference}").text
    assert "not been served on you yet" in page
    assert DAYS[0] not in page

    assert 'href="/messages"' in page
    opened = client.get(f"/messages/{kind}/review-{review.id}/{TODAY}").text

    for text in (opened, client.get(f"/reviews/{review.reference}").text):
        assert "Served on 24 November 2026" in text
        assert [days for days in DAYS if days not in text] == []


def test_an_employer_sees_since_when_a_decision_counts(browser, session):
    case = propose(session)
    packs = packs_in_force(session)
    decide(session, case, "按工资流水核定", packs=packs, actor=DECIDER, on=TODAY, at=NOW)
    owner = factories.make_person(session)
    account = factories.make_account(session, owner)
    employer = session.get_one(factories.Employer, case.employer_id)
    factories.make_mandate(session, account, employer)
    client = browser(owner)
    address = f"/employer/{employer.uscc}/assessments/{case.reference}"
    assert "not been served on you yet" in client.get(address).text

    assert serve(session, TODAY, ASSESSMENT_DECIDED) == 1
    session.commit()

    page = client.get(address).text
    assert [days for days in DAYS if days not in page] == []
    assert "1 December 2026" in page
