"""What public pages reckon by: a region's pack, or only the nation's where there is none."""

from siweb.rules.parameters.load import is_shipped
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.read import NATIONAL


def has_figures(packs: PackSet, code: str) -> bool:
    """Return whether there is a pack for the region."""
    return code in packs.regions


def is_demonstration(packs: PackSet, code: str) -> bool:
    """Return whether the region's figures are the shipped ones, which hold for no office."""
    region = code if has_figures(packs, code) else NATIONAL
    return is_shipped(packs, region)


def figures_of(packs: PackSet, code: str, month: str) -> ParameterSet:
    """Return what holds in a region for a month; the nation's rows for a region without a pack."""
    return packs.parameters(code if has_figures(packs, code) else NATIONAL, month)
