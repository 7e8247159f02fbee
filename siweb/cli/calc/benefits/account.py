"""siweb calc account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import DEPOSIT, FACTOR, RATE, WHOLE, YEAR, YUAN
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.rules.benefits.account_interest import (
    InterestMethod,
    InterestTerms,
    explain_account_year,
)
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import yuan_from_fen


@click.command("account", cls=CalcCommand)
@click.option(
    "--opening",
    type=YUAN,
    default=0,
    help="Balance at the start of the year, yuan.",
)
@click.option(
    "--deposits", type=DEPOSIT, multiple=True,
    help="Month of the year and yuan, 1:800.00; again for each month.",
)  # fmt: skip
@click.option("--monthly-deposit", type=YUAN, help="The same yuan in every month that counts.")
@click.option("--yearly-deposit", type=YUAN, help="Yuan of the whole year, for the yearly method.")
@click.option("--rate", type=RATE, help="Yearly rate, 0.0262 or 2.62%.")
@click.option("--year", type=YEAR, help="Take the published rate of this year instead.")
@click.option("--method", type=one_of(InterestMethod), help="month_product by default.")
@click.option(
    "--yearly-factor",
    type=FACTOR,
    help="Factor of the yearly method, 1.083 by default.",
)
@click.option("--through-month", type=WHOLE, default=12, help="Last month that counts, 1 to 12.")
@click.option("--provisional", is_flag=True, help="The rate is not yet the year's own.")
@click.option("--rounding", type=one_of(Rounding), help="How interest is rounded.")
@parameter_options
def account(
    opening: int,
    deposits: tuple[tuple[tuple[int, int], ...], ...],
    through_month: int,
    **options: Any,
) -> Answer:
    """Work out a year of a pension account: deposits, interest, closing balance."""
    flat = [deposit for given in deposits for deposit in given]
    flat += _of_sums(options, through_month)
    explained = explain_account_year(opening, flat, _terms(options), through_month)
    year = explained.value
    figures = {
        "opening_interest": yuan_from_fen(year.opening_interest),
        "month_product": yuan_from_fen(year.month_product),
        "deposit_interest": yuan_from_fen(year.deposit_interest),
        "deposits": yuan_from_fen(year.deposits),
        "closing": yuan_from_fen(year.closing),
        "settled": year.settled,
    }
    return Answer(figures, explained.steps)


def _of_sums(options: dict[str, Any], through_month: int) -> list[tuple[int, int]]:
    """Return the deposits that one sum stands for.

    :raises click.UsageError: when the method needs to know the months.
    """
    monthly, yearly = options["monthly_deposit"], options["yearly_deposit"]
    found = [] if monthly is None else [(month, monthly) for month in range(1, through_month + 1)]
    if yearly is not None:
        if options["method"] != InterestMethod.YEARLY:
            raise click.UsageError("--yearly-deposit goes with --method yearly only.")
        # The yearly method asks for no months: the last one stands for all of them.
        found.append((through_month, yearly))
    return found


def _terms(options: dict[str, Any]) -> InterestTerms:
    """Return the year's terms from the pack, or the given rate with the usual method."""
    if options["year"] is not None:
        asked = (options[name] for name in ("packs", "region", "month", "as_of"))
        terms = parameters_in_force(*asked).interest_terms(options["year"])
    else:
        require(rate=options["rate"])
        terms = InterestTerms(options["rate"])
    given = {name: options[name] for name in ("rate", "yearly_factor") if options[name] is not None}
    kinds = {"method": InterestMethod, "rounding": Rounding}
    given |= {name: kind(options[name]) for name, kind in kinds.items() if options[name]}
    if options["provisional"]:
        given["settled"] = False
    sources = {name: row for name, row in terms.sources.items() if name not in given}
    return replace(terms, **given, sources=sources)
