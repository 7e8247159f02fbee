"""Floor and ceiling from the average wage; published and computed agree."""

import pytest

from siweb.rules.contributions.limits import CEILING_SHARE, FLOOR_SHARE, limits_from_average


# Beijing, Shanghai, Sichuan twice, Guangdong.
@pytest.mark.parametrize(
    ("average", "floor", "ceiling"),
    [(12116, 7270, 36348), (12577, 7546, 37731), (7646, 4588, 22938), (7831, 4699, 23493),
     (9167, 5500, 27501)],
)  # fmt: skip
def test_limits_are_rounded_half_up_to_the_yuan(average, floor, ceiling):
    assert limits_from_average(average * 100) == (floor * 100, ceiling * 100)


def test_a_city_on_its_way_has_another_share():
    assert limits_from_average(1_176_100, 580_000) == (682_100, 3_528_300)
    assert limits_from_average(10_000, FLOOR_SHARE, 2_000_000) == (6_000, 20_000)
    assert (FLOOR_SHARE, CEILING_SHARE) == (600_000, 3_000_000)


def test_half_a_yuan_goes_up():
    # 60 % of 100.83 is 60.498, of 100.84 it is 60.504.
    assert limits_from_average(10_083)[0] == 6_000
    assert limits_from_average(10_084)[0] == 6_100


def test_both_ends_are_whole_yuan_of_an_average_with_fen():
    assert limits_from_average(833333) == (500000, 2500000)
