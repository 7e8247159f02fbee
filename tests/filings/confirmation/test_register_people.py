"""Whom nobody knows is registered as the number and the row say."""

import pytest

from siweb.filings.confirmation.accepted_rows import _person
from siweb.registry.codes import RetirementCategory, Sex
from tests.conftest import NOW
from tests.factories import make_id_number


@pytest.mark.parametrize(
    ("serial", "given", "sex", "category"),
    [
        (1, None, Sex.MALE, RetirementCategory.MALE),
        (1, "female55", Sex.MALE, RetirementCategory.MALE),
        (2, None, Sex.FEMALE, RetirementCategory.FEMALE_50),
        (2, "female55", Sex.FEMALE, RetirementCategory.FEMALE_55),
    ],
)
def test_a_womans_post_is_asked_and_a_mans_is_not(serial, given, sex, category):
    values = {"id_number": make_id_number(serial=serial), "name": "王", "mobile": None}
    found = _person(values | {"retirement_category": given}, "310000", NOW)

    assert (found["sex"], found["retirement_category"]) == (sex, category)
    assert (found["deemed_months"], found["mobile"]) == (0, None)
