"""The options that say which parameters a calculation uses, and the way to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click

from siweb import clock
from siweb.cli.calc.options.inputs import DAY, MONTH
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.load import SHIPPED, load_packs
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.read import NATIONAL
from siweb.rules.parameters.row import PackError
from siweb.rules.parameters.staleness import stale_limits

_OPTIONS = (
    click.option(
        "--packs",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=SHIPPED,
        help="Folder of parameter packs; the demonstration packs when left out.",
    ),
    click.option("--region", default=NATIONAL, help="Region code, such as 110000."),
    click.option(
        "--month", type=MONTH, help="Month whose parameters apply; this month by default."
    ),
    click.option("--as-of", type=DAY, help="Only what was published by this day."),
)


def parameter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --packs, --region, --month and --as-of to a calculation."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def open_packs(folder: Path) -> PackSet:
    """Return the packs of a folder.

    :raises click.UsageError: with the first thing that is wrong in them.
    """
    try:
        return load_packs(folder)
    except PackError as error:
        raise click.UsageError(f"A pack cannot be used: {error.problems[0]}.") from error


def stale_warnings(
    parameters: ParameterSet, scheme: str, insurances: Iterable[str] | None = None
) -> tuple[str, ...]:
    """Return the warning that a region's limits are those of an earlier payment year, if so."""
    if parameters.region == NATIONAL:
        return ()
    return ("stale_limits",) if stale_limits(parameters, scheme, insurances) else ()


def parameters_in_force(
    packs: Path, region: str, month: str | None, as_of: date | None
) -> ParameterSet:
    """Return what holds in a region for a month, as known on a day.

    :raises RuleError: when there is no pack for the region.
    """
    asked = month or month_of(clock.today())
    return open_packs(packs).parameters(region, asked, as_of=as_of)
