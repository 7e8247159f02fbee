"""Somebody does for a person what the person is told of."""

from typing import Any

from siweb.messages import help_kinds
from siweb.registry.tables.person import Person
from siweb.reviews.begin.help_relative import tell_helped
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import ReviewState
from tests.conftest import NOW


def certify_for_a_relative(office: Any) -> Person:
    review = office.make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    for _ in range(2):
        tell_helped(office.session, review, office.person.region_code, at=NOW)
    return office.person


HELPED = {help_kinds.CERTIFIED_BY_RELATIVE: (certify_for_a_relative,)}
