"""What public pages reckon by: a region's pack, or only the nation's where there is none."""

from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.read import NATIONAL


def has_figures(code: str) -> bool:
    """Return whether there is a pack for the region."""
    return code in load_packs().regions


def figures_of(code: str, month: str) -> ParameterSet:
    """Return what holds in a region for a month; the nation's rows for a region without a pack."""
    return load_packs().parameters(code if has_figures(code) else NATIONAL, month)
