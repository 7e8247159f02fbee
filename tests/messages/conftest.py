import pytest

from siweb.audit.actor import Actor
from tests import factories
from tests.filings.conftest import _notes_are_kept
from tests.filings.test_filing import draft, send
from tests.reviews.conftest import _now, employer, make_benefit, make_objection, make_review, person

# The set-ups of reviews and filings, whose actions tell somebody something.
__all__ = [
    "_notes_are_kept",
    "_now",
    "draft",
    "employer",
    "make_benefit",
    "make_objection",
    "make_review",
    "person",
    "send",
]


@pytest.fixture
def actor(acting):
    """Whoever sends filings for the employer."""
    return acting


@pytest.fixture
def acting(session, person, employer):
    """The person's account, which acts for the employer."""
    account = factories.make_account(session, person)
    factories.make_mandate(session, account, employer)
    session.commit()
    return Actor(account.id, person.id)
