"""siweb calc retirement and siweb calc minimum-months."""

from __future__ import annotations

from typing import Any

import click

from siweb import clock
from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.inputs import CATEGORY, MONTH, WHOLE, YEAR
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.rules.benefits.retirement import explain_minimum_months, explain_retirement, months_short
from siweb.rules.calendar.months import month_of


@click.command("retirement", cls=CalcCommand)
@click.option("--birth-month", type=MONTH, help="Such as 1965-12.")
@click.option("--category", type=CATEGORY, help="male, female55 or female50 (by post, not by ID).")
@click.option("--year", type=YEAR, help="Only the months needed for a pension from this year.")
@click.option("--months-contributed", type=WHOLE, help="Months that will have been paid by then.")
@parameter_options
def retirement(
    birth_month: str,
    category: str,
    year: int | None,
    months_contributed: int | None,
    **options: Any,
) -> Answer:
    """Work out the retirement month under the reform of 2025, with the elastic window."""
    if year is not None and birth_month is None:
        return _minimum(year, options)
    require(birth_month=birth_month, category=category)
    if birth_month > month_of(options["as_of"] or clock.today()):
        return Answer({"valid": False, "reason": "birth_in_the_future"})
    parameters = parameters_in_force(**options)
    explained = explain_retirement(birth_month, parameters.retirement_schedule(category))
    found = explained.value
    required = explain_minimum_months(int(found.retirement_month[:4]), parameters.minimum_months())
    figures: dict[str, Any] = {
        "valid": True,
        "delay_months": found.delay_months,
        "age_years": found.age_years,
        "age_months": found.age_months,
        "retirement_month": found.retirement_month,
        "earliest_elastic_month": found.earliest_elastic_month,
        "latest_elastic_month": found.latest_elastic_month,
        "min_contribution_months_at_legal_age": required.value,
    }
    if months_contributed is not None:
        figures["months_short"] = months_short(months_contributed, required.value)
    return Answer(figures, (*explained.steps, *required.steps))


@click.command("minimum-months", cls=CalcCommand)
@click.option("--year", type=YEAR, help="Year in which the pension starts.")
@parameter_options
def minimum_months(year: int, **options: Any) -> Answer:
    """Say how many months must have been paid for a pension that starts in a year."""
    require(year=year)
    return _minimum(year, options)


def _minimum(year: int, options: dict[str, Any]) -> Answer:
    explained = explain_minimum_months(year, parameters_in_force(**options).minimum_months())
    return Answer({"months": explained.value}, explained.steps)
