"""Who counts who is left waits for the other who counts: two at once never leave too few.

On SQLite one alone writes, so that only PostgreSQL has two at once.
"""

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from siweb.audit.actor import SYSTEM
from siweb.auth.mandates import LastOwner, revoke_mandate
from siweb.auth.staff.appoint import AppointmentRefused, end_appointment
from siweb.auth.tables.appointment import Appointment, Function
from siweb.db.engine import make_sessions
from siweb.reviews.objections.answer import answer_as_employer, find_asked
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.objection import Objection, Problem
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.conftest import NOW
from tests.migrated import own_postgresql

ON = {"actor": SYSTEM, "on": NOW.date(), "at": NOW}


@pytest.fixture(scope="module")
def offices(postgresql_url):
    with own_postgresql(postgresql_url, "last_of_two") as engine:
        yield make_sessions(engine)


@contextmanager
def at_once(offices, first, second):
    """Let a second deed meet one that is not committed: it waits. Give it once that one is."""
    one, other = offices(), offices()
    first(one)
    other.execute(text("SET LOCAL lock_timeout = '50ms'"))
    with pytest.raises(OperationalError, match="lock timeout"):
        second(other)
    other.rollback()
    one.commit()
    yield lambda: second(other)
    other.commit()
    for each in (one, other):
        each.close()


@pytest.mark.postgresql
def test_two_owners_who_revoke_each_other_leave_one(offices):
    with offices.begin() as session:
        firm = factories.make_employer(session)
        accounts = [
            factories.make_account(session, factories.make_person(session)) for _each in range(2)
        ]
        mandates = [factories.make_mandate(session, each, firm).id for each in accounts]
        employer = firm.id

    def revoking(mandate_id):
        return lambda session: revoke_mandate(session, employer, mandate_id, **ON)

    with at_once(offices, *map(revoking, mandates)) as again, pytest.raises(LastOwner):
        again()


@pytest.mark.postgresql
def test_of_three_who_administer_two_stay(offices):
    with offices.begin() as session:
        held = [
            Appointment(
                person_id=factories.make_person(session).id,
                function=Function.ADMINISTRATION,
                from_on=date(2026, 1, 1),
                made_at=NOW,
            )
            for _each in range(3)
        ]
        session.add_all(held)
        session.flush()
        keys = [each.id for each in held]

    def ending(key):
        return lambda session: end_appointment(session, session.get_one(Appointment, key), **ON)

    two_at_once = at_once(offices, *map(ending, keys[:2]))
    with two_at_once as again, pytest.raises(AppointmentRefused, match="last_two"):
        again()


@pytest.mark.postgresql
def test_the_last_of_two_employers_passes_the_case_on(offices):
    with offices.begin() as session:
        person = factories.make_person(session)
        campaign = Campaign(
            region_code=person.region_code,
            kind=ReviewKind.RECORD_CHECK,
            year=2025,
            period_from_month="2025-01",
            period_to_month="2025-12",
            opens_on=date(2026, 10, 1),
            rules={},
        )
        session.add(campaign)
        session.flush()
        review = Review(
            reference="ABCDEFGHJKMN",
            campaign_id=campaign.id,
            person_id=person.id,
            state=ReviewState.EMPLOYER_CONFIRM,
            reason="employer_asked",
            answer_by=date(2026, 12, 9),
            opened_at=NOW,
            submitted_at=NOW,
        )
        session.add(review)
        session.flush()
        asked = [
            Objection(
                review_id=review.id,
                problem=Problem.MISSING,
                insurances=["pension"],
                contribution_month=f"2025-0{month}",
                words="",
                employer_id=factories.make_employer(session).id,
                raised_at=NOW,
            )
            for month in (3, 4)
        ]
        session.add_all(asked)
        session.flush()
        review_id, keys = review.id, [(each.employer_id, each.id) for each in asked]

    def answering(key):
        return lambda session: answer_as_employer(
            session, find_asked(session, *key), agrees=True, words="", actor=SYSTEM, at=NOW
        )

    with at_once(offices, *map(answering, keys)) as again:
        assert again()
    with offices() as session:
        found = session.get_one(Review, review_id)
        assert (found.state, found.reason) == (ReviewState.MANUAL_REVIEW, "employer_agrees")
