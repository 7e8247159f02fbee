"""Provinces by the two digits that their codes begin with, and which one a place lies in."""

from collections.abc import Mapping
from functools import cache

from siweb.registry.regions.load import ListedRegion, read_regions

_DIGITS = 2


def province_code(region_code: str) -> str:
    """Return the two digits of the province that a region lies in."""
    return region_code[:_DIGITS]


@cache
def provinces() -> Mapping[str, ListedRegion]:
    """Return by its two digits a region of each province, whose names of it are wanted."""
    return {province_code(code): region for code, region in read_regions().items()}


def province_named(place: str) -> str | None:
    """Return the province of a place as people write it (南京, 江苏省); None when unknown."""
    return _by_name().get(place.strip().removesuffix("市").removesuffix("省"))


@cache
def _by_name() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for code, region in read_regions().items():
        for name in (region.province_zh, region.name_zh):
            names.setdefault(name.removesuffix("市").removesuffix("省"), province_code(code))
    return names
