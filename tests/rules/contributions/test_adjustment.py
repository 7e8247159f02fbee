"""A difference is the new amount less all that is recorded."""

import pytest

from siweb.rules.contributions.adjustment import differences, months_reached


def test_a_notice_reaches_its_own_first_month_and_all_later_ones():
    assert months_reached("2026-07", ["2026-09", "2026-06", "2026-07"]) == ("2026-07", "2026-09")


@pytest.mark.parametrize(
    ("amounts", "found"),
    [([100], ()), ([100, 130], (30,)), ([100, 130, 130], (30, 0)), ([100, 130, 120], (30, -10)),
     ([100, 130, 120, 100], (30, -10, -20))],
)  # fmt: skip
def test_every_notice_adds_to_what_was_charged_before_it(amounts, found):
    assert differences(amounts) == found
