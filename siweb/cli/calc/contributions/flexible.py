"""siweb calc flexible: what somebody who pays alone pays, and what becomes of unpaid months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer, one_or_list
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import (
    DAY,
    DAYS,
    MONTH,
    PERCENT,
    PERCENTS,
    YEAR,
    YUAN,
)
from siweb.cli.calc.options.parameters import (
    parameter_options,
    parameters_in_force,
    stale_warnings,
)
from siweb.cli.calc.options.premium_terms import Overrides, find_terms
from siweb.cli.calc.options.structured import AMOUNTS, MONTH_LIST
from siweb.rules.calendar.months import add_months, months_through
from siweb.rules.contributions.flexible import bases_of_steps, may_be_paid_back, months_of_year
from siweb.rules.contributions.premium import (
    PremiumTerms,
    base_used,
    compute_premium,
    divide_premium,
)
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import LARGEST_FEN, yuan_from_fen
from siweb.rules.parameters.parameter_set import FULL_TIER, ParameterSet
from siweb.rules.parameters.read import NATIONAL

_INSURANCES = ("pension", "medical", "unemployment")


@click.command("flexible", cls=CalcCommand)
@click.option("--bases", type=AMOUNTS, help="Chosen bases, yuan.")
@click.option("--pension-rate", type=PERCENT, help="Percent; the region's when left out.")
@click.option("--account-rate", type=PERCENT, help="Percent of the base to the account.")
@click.option("--medical-rate", type=PERCENT, help="Percent.")
@click.option("--unemployment-rate", type=PERCENT, help="Percent, where it is offered.")
@click.option("--average-wage", type=YUAN, help="With --steps: the wage they are a share of.")
@click.option("--steps", type=PERCENTS, help="Steps in percent of the average wage.")
@click.option("--last-bases", type=AMOUNTS, help="Bases of last year, kept when nobody chooses.")
@click.option("--floor", type=YUAN, help="Lowest base, yuan; the region's by default.")
@click.option("--ceiling", type=YUAN, help="Highest base, yuan; the region's by default.")
@click.option("--year", type=YEAR, help="Year whose months are counted.")
@click.option("--paid-months", type=MONTH_LIST, help="Months that were paid.")
@click.option("--paused-from", type=MONTH, help="First month of a pause.")
@click.option("--resumed-from", type=MONTH, help="First month after it.")
@click.option("--paid-on", type=DAYS, help="Days on which an unpaid month would be paid.")
@click.option("--payable-until", type=DAY, help="Last day that a notice opens it for again.")
@click.option("--rounding", type=one_of(Rounding), help="How an amount is rounded.")
@parameter_options
def flexible(**options: Any) -> Answer:
    """Work out premiums, bases and months of a flexible worker, who owes nothing (SIL 10, 60)."""
    parameters = parameters_in_force(
        *(options[name] for name in ("packs", "region", "month", "as_of"))
    )
    if options["year"] is not None:
        return _of_year(options)
    if options["paid_on"] is not None:
        return _of_payment_back(options["paid_on"], options["payable_until"])
    stale = stale_warnings(parameters, "flexible")
    if options["last_bases"] is not None:
        bases = _within(options["last_bases"], options, parameters)
        return Answer({"bases": bases}, warnings=stale)
    if options["steps"] is not None:
        require(average_wage=options["average_wage"])
        steps = bases_of_steps(options["average_wage"], options["steps"])
        return Answer({"bases": _within(steps, options, parameters)}, warnings=stale)
    require(bases=options["bases"])
    return replace(_of_bases(options["bases"], options, parameters), warnings=stale)


def _of_bases(bases: Sequence[int], options: Mapping[str, Any], parameters: ParameterSet) -> Answer:
    rates = {
        name: (0, options[f"{name}_rate"])
        for name in _INSURANCES
        if options[f"{name}_rate"] is not None
    }
    overrides = Overrides(
        rates,
        options["floor"],
        options["ceiling"],
        rounding=Rounding(options["rounding"]) if options["rounding"] else None,
    )
    # Nobody who pays alone has this insurance: any class will do.
    injury = {"injury_class": 1, "injury_tier": FULL_TIER}
    terms = find_terms(parameters, "flexible", injury, overrides)
    account_rate = options["account_rate"]
    if account_rate is None and parameters.region != NATIONAL:
        account_rate = parameters.account_rate("flexible")
    totals = [sum(compute_premium(each, base).employee for each in terms) for base in bases]
    figures = {
        "premiums": [_premiums(base, terms, account_rate) for base in bases],
        "totals": [yuan_from_fen(total) for total in totals],
    }
    return Answer(figures)


def _premiums(base: int, terms: Sequence[PremiumTerms], account_rate: int | None) -> dict[str, str]:
    found: dict[str, int] = {}
    for each in terms:
        premium = compute_premium(each, base)
        found[each.insurance] = premium.employee
        if each.insurance == "pension" and account_rate is not None:
            account, pool = divide_premium(premium, account_rate, each.rounding)
            found |= {"to_personal_account": account, "to_pool": pool}
    return {name: yuan_from_fen(fen) for name, fen in found.items()}


def _within(
    bases: Sequence[int], options: Mapping[str, Any], parameters: ParameterSet
) -> list[str]:
    """Return bases moved into the limits: silence keeps the chosen base where it may stay."""
    row = parameters.optional_row("limits", "flexible", "pension")
    floor, ceiling = options["floor"], options["ceiling"]
    if floor is None:
        floor = row.values["base_floor"] if row else 0
    if ceiling is None:
        ceiling = row.values["base_ceiling"] if row else LARGEST_FEN
    if floor > ceiling:
        raise click.UsageError("The floor is above the ceiling.")
    return [yuan_from_fen(base_used(base, floor, ceiling)) for base in bases]


def _of_year(options: Mapping[str, Any]) -> Answer:
    paid = set(options["paid_months"] or ())
    months = months_of_year(options["year"], paid)
    paused: tuple[str, ...] = ()
    if options["paused_from"] is not None:
        through = options["resumed_from"] or f"{options['year'] + 1:04}-01"
        paused = tuple(months_through(options["paused_from"], add_months(through, -1)))
    figures = {
        "months_counted": len(months.counted),
        "unpaid_months": list(months.unpaid),
        "paused_months": [month for month in months.unpaid if month in paused],
        "arrears": False,
        "late_fee": yuan_from_fen(0),
        "may_be_paid_back": options["payable_until"] is not None,
    }
    return Answer(figures)


def _of_payment_back(paid_on: Sequence[date], until: date | None) -> Answer:
    allowed = [may_be_paid_back(day, until) for day in paid_on]
    return Answer(
        {"may_be_paid_back": one_or_list(allowed), "arrears": False, "late_fee": yuan_from_fen(0)}
    )
