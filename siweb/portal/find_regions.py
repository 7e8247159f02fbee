"""Find a city as people type it: Chinese, pinyin, its initials, or English."""

import unicodedata
from collections.abc import Iterable

from siweb.registry.regions.load import ListedRegion
from siweb.rules.identifiers.typed_text import unicode_form

LONGEST_QUERY = 60
# What people add to a city's name and the list may not have.
_ENDINGS = ("市", "shi", "city")
_IGNORED = " '’·-"
_NO_MATCH = 9


def find_regions(regions: Iterable[ListedRegion], query: str) -> list[ListedRegion]:
    """Return the regions that fit, best first: exact names, then beginnings, then parts.

    Regions hosted here go before others that fit as well.
    """
    wanted = fold(query[:LONGEST_QUERY])
    if not wanted:
        return []
    listed = list(regions)
    # As typed first: huangshi and enshi end so themselves.
    return _ranked(listed, wanted) or _ranked(listed, _without_ending(wanted))


def fold(text: str) -> str:
    """Return text for comparing: lower case, half width, without accents, spaces, apostrophes."""
    plain = unicode_form("NFKD", text).casefold()
    kept = (char for char in plain if not unicodedata.combining(char) and char not in _IGNORED)
    return "".join(kept).strip()


def _ranked(regions: list[ListedRegion], wanted: str) -> list[ListedRegion]:
    if not wanted:
        return []
    ranks = ((_rank(region, wanted), region) for region in regions)
    fitting = [(rank, region) for rank, region in ranks if rank < _NO_MATCH]
    fitting.sort(key=lambda found: (found[0], not found[1].is_hosted, found[1].code))
    return [region for _, region in fitting]


def _rank(region: ListedRegion, wanted: str) -> int:
    names = (region.name_zh, region.pinyin, fold(region.name_en))
    tests = (
        wanted in (region.code, region.initials, region.name_zh.removesuffix("市"), *names),
        any(name.startswith(wanted) for name in names),
        region.initials.startswith(wanted),
        any(wanted in name for name in names),
        fold(region.province_en).startswith(wanted) or region.province_zh.startswith(wanted),
    )
    return tests.index(True) if True in tests else _NO_MATCH


def _without_ending(wanted: str) -> str:
    for ending in _ENDINGS:
        if wanted.endswith(ending):
            return wanted.removesuffix(ending)
    return ""
