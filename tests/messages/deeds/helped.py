"""Somebody does for a person what the person is told of."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.auth.helping.end import end_mandates
from siweb.auth.helping.give import Grant, give_mandate
from siweb.auth.helping.tell import tell_helped
from siweb.auth.tables.help_mandate import HelpBasis, HelpKind, HelpMandate
from siweb.messages.kinds.helping import (
    CERTIFIED_BY_RELATIVE,
    HELP_ENDED,
    HELP_GIVEN,
    HELP_PAPER,
    HELP_REVIEW,
    MAY_HELP,
    MAY_HELP_NO_MORE,
)
from siweb.registry.tables.person import Person
from siweb.reviews.begin.help_relative import tell_reviewed
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import ReviewState
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()


def certify_for_a_relative(office: Any) -> Person:
    return _reviewed(office, ReviewKind.CERTIFICATION)


def review_for_somebody(office: Any) -> Person:
    return _reviewed(office, ReviewKind.RECORD_CHECK)


def _reviewed(office: Any, kind: ReviewKind) -> Person:
    review = office.make_review(kind, ReviewState.PASSED)
    for _ in range(2):
        tell_reviewed(office.session, review, kind, office.person.region_code, at=NOW)
    return office.person


def _given(office: Any) -> Person:
    """Let a neighbour act for the person; return the neighbour."""
    session, until_on = office.session, TODAY + timedelta(days=30)
    neighbour = factories.make_person(session, region_code=office.person.region_code)
    account = factories.make_account(session, neighbour)
    grant = Grant(office.person.id, frozenset(HelpKind), until_on, HelpBasis.CODE)
    give_mandate(session, grant, account, actor=office.acting, on=TODAY, at=NOW)
    return neighbour


def let_somebody_help(office: Any) -> Person:
    _given(office)
    return office.person


def become_a_helper(office: Any) -> Person:
    return _given(office)


def end_help(office: Any) -> Person:
    _given(office)
    end_mandates(office.session, actor=office.acting, at=NOW)
    return office.person


def help_no_more(office: Any) -> Person:
    neighbour = _given(office)
    end_mandates(office.session, actor=office.acting, at=NOW)
    return neighbour


def get_a_paper_for_somebody(office: Any) -> Person:
    _given(office)
    mandate = office.session.scalars(select(HelpMandate)).one()
    actor = Actor(mandate.helper_account_id, None, on_behalf_of_person_id=office.person.id)
    for _ in range(2):
        tell_helped(office.session, HELP_PAPER, ("document", 1), actor=actor, at=NOW)
    return office.person


HELPED = {
    CERTIFIED_BY_RELATIVE: (certify_for_a_relative,),
    HELP_REVIEW: (review_for_somebody,),
    HELP_GIVEN: (let_somebody_help,),
    MAY_HELP: (become_a_helper,),
    HELP_ENDED: (end_help,),
    MAY_HELP_NO_MORE: (help_no_more,),
    HELP_PAPER: (get_a_paper_for_somebody,),
}
