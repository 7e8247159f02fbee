"""siweb calc benefit-months and siweb calc certification."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer, one_or_list
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.inputs import DAYS, WHOLE, WHOLES
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.rules.benefits.certification import explain_certification
from siweb.rules.benefits.unemployment import explain_benefit_months


@click.command("benefit-months", cls=CalcCommand)
@click.option(
    "--months-contributed", "contributed", type=WHOLES, multiple=True,
    help="Months paid; several ask several questions.",
)  # fmt: skip
@click.option(
    "--carried-months",
    type=WHOLES,
    default="0",
    help="Not drawn the last time; one for all questions, or one for each.",
)
@parameter_options
def benefit_months(
    contributed: tuple[tuple[int, ...], ...], carried_months: tuple[int, ...], **options: Any
) -> Answer:
    """Say for how many months unemployment benefit may be drawn (SIL 45, 46)."""
    require(months_contributed=contributed)
    terms = parameters_in_force(**options).benefit_terms()
    asked = [paid for given in contributed for paid in given]
    carried = carried_months * len(asked) if len(carried_months) == 1 else carried_months
    if len(carried) != len(asked):
        raise click.UsageError("Give one --carried-months, or one for each question.")
    explained = [
        explain_benefit_months(paid, months, terms)
        for paid, months in zip(asked, carried, strict=True)
    ]
    figures = {"max_months": one_or_list(each.value for each in explained)}
    return Answer(figures, tuple(step for each in explained for step in each.steps))


@click.command("certification", cls=CalcCommand)
@click.option(
    "--last-success",
    "successes",
    type=DAYS,
    multiple=True,
    help="Day of the last success; or several.",
)
@click.option("--period-months", type=WHOLE, help="Length of the period; the pack's when left out.")
@click.option("--grace-months", type=WHOLE, help="Months before the suspension starts.")
@parameter_options
def certification(
    successes: tuple[tuple[date, ...], ...],
    period_months: int | None,
    grace_months: int | None,
    **options: Any,
) -> Answer:
    """Say until when a recipient's certification holds, and what happens after."""
    require(last_success=successes)
    terms = parameters_in_force(**options).certification_terms()
    given = {"period_months": period_months, "grace_months": grace_months}
    changed = {name: value for name, value in given.items() if value is not None}
    sources = {name: row for name, row in terms.sources.items() if name not in changed}
    terms = replace(terms, **changed, sources=sources)
    explained = [
        explain_certification(day, terms) for given_days in successes for day in given_days
    ]
    figures = {
        "suspend_if_none_by": one_or_list(
            each.value.suspend_if_none_by.isoformat() for each in explained
        ),
        "suspended_from_month": one_or_list(each.value.suspended_from_month for each in explained),
    }
    return Answer(figures, tuple(step for each in explained for step in each.steps))
