"""The terms of a premium from a region's pack, from options, or from both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import click

from siweb.rules.contributions.premium import PremiumTerms, Scope
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import LARGEST_FEN
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.read import NATIONAL

Sides = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the options say instead of the pack: fen and ppm; insurances by their codes."""

    rates: Mapping[str, Sides]
    floor: int | None = None
    ceiling: int | None = None
    limits: Mapping[str, Sides] = field(default_factory=dict)
    additions: Mapping[str, Sides] = field(default_factory=dict)
    rounding: Rounding | None = None
    scope: Scope | None = None


def find_terms(
    parameters: ParameterSet, scheme: str, injury: Mapping[str, int], overrides: Overrides
) -> list[PremiumTerms]:
    """Return the terms of every insurance that the region or the options name.

    :raises click.UsageError: when there is none, or a floor is above its ceiling.
    """
    found = {terms.insurance: terms for terms in _of_region(parameters, scheme, injury)}
    blank = _blank(list(found.values()))
    for insurance in overrides.rates:
        found.setdefault(insurance, replace(blank, insurance=insurance))
    if not found:
        raise click.UsageError("Give a region, or at least one rate such as --pension 16/8.")
    return [_overridden(terms, overrides) for terms in found.values()]


def _of_region(
    parameters: ParameterSet, scheme: str, injury: Mapping[str, int]
) -> Iterator[PremiumTerms]:
    if parameters.region == NATIONAL:
        return
    insurances = parameters.insurances(scheme)
    if not insurances:
        raise click.UsageError(
            f"Region {parameters.region} has no {scheme} scheme for {parameters.month}."
        )
    for insurance in insurances:
        yield parameters.premium_terms(insurance, scheme, **injury)


def _blank(existing: Sequence[PremiumTerms]) -> PremiumTerms:
    """Return terms without rates, within the region's first limits or without any."""
    if existing:
        return replace(
            existing[0], employer_rate=0, employee_rate=0, employer_addition=0, employee_addition=0
        )
    return PremiumTerms("", 0, LARGEST_FEN, 0, 0)


def _overridden(terms: PremiumTerms, overrides: Overrides) -> PremiumTerms:
    changed: dict[str, Any] = {
        "base_floor": overrides.floor,
        "base_ceiling": overrides.ceiling,
        "rounding": overrides.rounding,
        "scope": overrides.scope,
    }
    pairs = (
        (overrides.limits, "base_floor", "base_ceiling"),
        (overrides.rates, "employer_rate", "employee_rate"),
        (overrides.additions, "employer_addition", "employee_addition"),
    )
    for given, first, second in pairs:
        if terms.insurance in given:
            changed[first], changed[second] = given[terms.insurance]
    changed = {name: value for name, value in changed.items() if value is not None}
    sources = {name: row for name, row in terms.sources.items() if name not in changed}
    merged = replace(terms, **changed, sources=sources)
    if merged.base_floor > merged.base_ceiling:
        raise click.UsageError(f"The floor is above the ceiling ({terms.insurance}).")
    return merged
