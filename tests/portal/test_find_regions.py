"""A city is found as people type it: characters, pinyin, initials, English, with its ending."""

import pytest

from siweb.portal.find_regions import LONGEST_QUERY, find_regions, fold
from siweb.registry.regions.load import ListedRegion


def region(code, name_zh, pinyin, initials, name_en, *, is_hosted=False):
    return ListedRegion(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        pinyin=pinyin,
        initials=initials,
        province_zh="浙江省",
        province_en="Zhejiang",
        is_hosted=is_hosted,
    )


HANGZHOU = region("330100", "杭州市", "hangzhou", "hz", "Hangzhou")
HUZHOU = region("330500", "湖州市", "huzhou", "hz", "Huzhou", is_hosted=True)
NINGBO = region("330200", "宁波市", "ningbo", "nb", "Ningbo")
ALL = [HANGZHOU, HUZHOU, NINGBO]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("杭州", [HANGZHOU]),
        ("杭州市", [HANGZHOU]),
        ("hangzhou", [HANGZHOU]),
        ("Hang Zhou", [HANGZHOU]),
        ("hangzhoushi", [HANGZHOU]),
        ("HANGZHOU CITY", [HANGZHOU]),
        ("ｈａｎｇ", [HANGZHOU]),
        ("330100", [HANGZHOU]),
        ("hz", [HUZHOU, HANGZHOU]),
        ("zhou", [HUZHOU, HANGZHOU]),
        ("浙江", [HUZHOU, HANGZHOU, NINGBO]),
        ("zhejiang", [HUZHOU, HANGZHOU, NINGBO]),
        ("", []),
        (" ·- ", []),
        ("paris", []),
        ("shi", []),
    ],
)
def test_a_city_is_found(typed, found):
    assert find_regions(ALL, typed) == found


def test_a_query_is_read_up_to_its_longest():
    assert find_regions(ALL, "杭州" + " " * (LONGEST_QUERY - 2) + "x") == [HANGZHOU]


def test_accents_and_widths_do_not_matter():
    assert fold("Ürümqi’s · Ｃity") == "urumqiscity"
