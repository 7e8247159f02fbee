"""siweb calc pension."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import AGE, FACTOR, PERCENT, WHOLE, YEARS, YUAN
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.rules.benefits.pension import (
    AccrualUnit,
    AgeMethod,
    PensionFacts,
    PensionTerms,
    Ratio,
    explain_pension,
)
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.parameter_set import ParameterSet


@click.command("pension", cls=CalcCommand)
@click.option(
    "--average-wage",
    type=YUAN,
    help="计发基数, yuan a month; the pack's when left out.",
)
@click.option("--index", type=FACTOR, help="Average contribution index, such as 0.8.")
@click.option(
    "--years",
    type=YEARS,
    help="Years of contribution, such as 20 or 20.5.",
)
@click.option(
    "--months-contributed",
    type=WHOLE,
    help="Months of contribution instead of years.",
)
@click.option("--balance", type=YUAN, help="Individual account, yuan.")
@click.option("--age", type=AGE, help="Age at retirement: 60, 60y3m or 60.25.")
@click.option(
    "--payout-months",
    type=WHOLE,
    help="Months that the account is spread over, instead of those of the age.",
)
@click.option("--age-months", type=WHOLE, default=0, help="Months beyond the whole years of --age.")
@click.option("--transitional", type=YUAN, default=0, help="Provincial part for early years, yuan.")
@click.option("--age-method", type=one_of(AgeMethod), help="Between two birthdays.")
@click.option("--accrual-rate", type=PERCENT, help="Percent for each year or month, such as 1.")
@click.option("--accrual-unit", type=one_of(AccrualUnit), help="What it is for.")
@click.option("--rounding", type=one_of(Rounding), help="How each part is rounded.")
@parameter_options
def pension(index: int, balance: int, age: int | None, **options: Any) -> Answer:
    """Estimate a monthly pension: the basic part and the account's."""
    require(index=index, balance=balance)
    if options["payout_months"] is None:
        require(age=age)
    parameters = parameters_in_force(
        *(options[name] for name in ("packs", "region", "month", "as_of"))
    )
    facts = PensionFacts(
        _average_wage(options, parameters),
        index,
        _years(options),
        balance,
        (age or 0) + options["age_months"],
        options["transitional"],
    )
    explained = explain_pension(facts, _terms(options, parameters))
    found = explained.value
    spread = found.payout_months
    figures: dict[str, Any] = {
        "basic": yuan_from_fen(found.basic),
        "months": spread.numerator if spread.denominator == 1 else str(spread),
        "account": yuan_from_fen(found.account),
        "transitional": yuan_from_fen(found.transitional),
        "total": yuan_from_fen(found.total),
        "estimate": True,
    }
    return Answer(figures, explained.steps)


def _average_wage(options: dict[str, Any], parameters: ParameterSet) -> int:
    if options["average_wage"] is not None:
        wage: int = options["average_wage"]
        return wage
    row = parameters.optional_row("pension_wage")
    require(average_wage=row)
    assert row is not None
    return int(row.values["average_wage"])


def _years(options: dict[str, Any]) -> Ratio:
    years, paid = options["years"], options["months_contributed"]
    if (years is None) == (paid is None):
        raise click.UsageError("Give either --years or --months-contributed.")
    return Ratio(paid, 12) if years is None else years


def _terms(options: dict[str, Any], parameters: ParameterSet) -> PensionTerms:
    terms = parameters.pension_terms()
    kinds = {"age_method": AgeMethod, "accrual_unit": AccrualUnit, "rounding": Rounding}
    given: dict[str, Any] = {
        name: kind(options[name]) for name, kind in kinds.items() if options[name]
    }
    if options["accrual_rate"] is not None:
        given["accrual_rate"] = options["accrual_rate"]
    if options["payout_months"] is not None:
        given |= _same_months(options["payout_months"])
    sources = {name: row for name, row in terms.sources.items() if name not in given}
    return replace(terms, **given, sources=sources)


def _same_months(months: int) -> dict[str, Any]:
    """Return the terms by which an account is spread over these months at any age.

    :raises click.UsageError: when there are none.
    """
    if not months:
        raise click.UsageError("--payout-months must be at least 1.")
    # The same at every age that anybody reaches.
    table = dict.fromkeys(range(200), months)
    return {"months_table": table, "age_method": AgeMethod.TRUNCATION}
