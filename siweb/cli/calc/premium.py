"""siweb calc premium."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import (
    AMOUNTS,
    INJURY_CLASS,
    NAMED_AMOUNTS,
    PERCENT,
    RATE_OF_SIDES,
    SIDES,
    WHOLE,
    YUAN,
)
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.cli.calc.options.premium_terms import Overrides, find_terms
from siweb.rules.contributions.premium import (
    Premium,
    PremiumTerms,
    Scope,
    compute_employer_total,
    explain_employer_total,
    explain_premium,
)
from siweb.rules.explanation import Explained, Step
from siweb.rules.insurances import SCHEMES
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.parameter_set import FULL_TIER

# The short word is what many sheets say; both name one insurance.
_CODES = {"injury": "work_injury", "rate": "premium"}


@click.command("premium", cls=CalcCommand)
@click.option(
    "--monthly-wage",
    "--wage",
    "--wages",
    "--monthly-wages",
    "--declared-base",
    "--declared-bases",
    "--base",
    "--bases",
    "wages",
    type=AMOUNTS,
    multiple=True,
    help="Yuan; again for each of an employer's people.",
)
@click.option(
    "--people",
    "--headcount",
    "--employees",
    "people",
    type=WHOLE,
    default=1,
    help="How many people have this wage, or these.",
)
@click.option("--floor", "--base-floor", type=YUAN, help="Lowest contribution base, yuan.")
@click.option("--ceiling", "--base-ceiling", type=YUAN, help="Highest contribution base, yuan.")
@click.option("--pension", type=SIDES, help="Percent, employer/employee, such as 16/8.")
@click.option("--medical", type=SIDES, help="Percent, employer/employee.")
@click.option("--unemployment", type=SIDES, help="Percent, employer/employee.")
@click.option("--injury", type=SIDES, help="Percent, employer/employee, such as 0.2/0.")
@click.option("--work-injury", type=SIDES, help="The same as --injury.")
@click.option("--rate", type=RATE_OF_SIDES, help="The same for an insurance without a name.")
@click.option("--maternity", type=SIDES, help="Percent, employer/employee.")
@click.option(
    "--limits",
    type=NAMED_AMOUNTS,
    multiple=True,
    help="Floor and ceiling of one insurance: medical=6733/33666.",
)
@click.option(
    "--addition",
    type=NAMED_AMOUNTS,
    multiple=True,
    help="Fixed yuan that each side adds: medical=0/3.",
)
@click.option("--rounding", type=one_of(Rounding), help="How an amount is rounded.")
@click.option("--scope", type=one_of(Scope), help="What is rounded.")
@click.option("--scheme", type=click.Choice(SCHEMES), default="employee", show_default=True)
@click.option("--injury-class", type=INJURY_CLASS, default=1, help="1 to 8, with a region.")
@click.option("--injury-tier", type=PERCENT, default=FULL_TIER, help="Percent of the class's rate.")
@parameter_options
def premium(wages: tuple[tuple[int, ...], ...], **options: Any) -> Answer:
    """Work out what a person and the employer pay for a month."""
    require(monthly_wage=wages)
    named = {
        name: options[name]
        for name in (
            "pension",
            "medical",
            "unemployment",
            "injury",
            "work_injury",
            "maternity",
            "rate",
        )
        if options[name] is not None
    }
    overrides = Overrides(
        {_CODES.get(name, name): sides for name, sides in named.items()},
        options["floor"],
        options["ceiling"],
        {_CODES.get(name, name): pair for name, pair in options["limits"]},
        {_CODES.get(name, name): pair for name, pair in options["addition"]},
        Rounding(options["rounding"]) if options["rounding"] else None,
        Scope(options["scope"]) if options["scope"] else None,
    )
    asked = (options[name] for name in ("packs", "region", "month", "as_of"))
    injury = {name: options[name] for name in ("injury_class", "injury_tier")}
    terms = find_terms(parameters_in_force(*asked), options["scheme"], injury, overrides)
    # The answer calls an insurance as it was asked for.
    names = {_CODES.get(name, name): name for name in named if name != "rate"}
    everyone = [wage for given in wages for wage in given] * options["people"]
    if not everyone:
        raise click.UsageError("--people must be at least 1.")
    if len(everyone) == 1:
        return _of_person(everyone[0], terms, names)
    return _of_employer(everyone, terms, names)


def _of_person(wage: int, terms: Sequence[PremiumTerms], names: dict[str, str]) -> Answer:
    explained = [explain_premium(each, wage) for each in terms]
    return Answer(_figures([each.value for each in explained], names), _steps(explained, names))


def _of_employer(
    wages: Sequence[int], terms: Sequence[PremiumTerms], names: dict[str, str]
) -> Answer:
    explained = [explain_employer_total(each, wages) for each in terms]
    both = {
        name: sum(
            compute_employer_total(replace(each, scope=scope), wages).employer for each in terms
        )
        for name, scope in (("sum_of_rounded", Scope.PERSON), ("rounded_sum", Scope.EMPLOYER_TOTAL))
    }
    figures = {
        "people": len(wages),
        **_figures([each.value for each in explained], names),
        **_yuan(both),
        "difference": yuan_from_fen(both["rounded_sum"] - both["sum_of_rounded"]),
    }
    return Answer(figures, _steps(explained, names))


def _steps(explained: Sequence[Explained[Premium]], names: dict[str, str]) -> tuple[Step, ...]:
    """Return all steps, each with its insurance in front of its label."""
    return tuple(
        replace(step, label=f"{names.get(each.value.insurance, each.value.insurance)}.{step.label}")
        for each in explained
        for step in each.steps
    )


def _figures(premiums: Sequence[Premium], names: dict[str, str]) -> dict[str, Any]:
    employer = sum(premium.employer for premium in premiums)
    employee = sum(premium.employee for premium in premiums)
    bases = {names.get(each.insurance, each.insurance): each.base for each in premiums}
    shares = {
        names.get(each.insurance, each.insurance): {
            "employer": yuan_from_fen(each.employer),
            "employee": yuan_from_fen(each.employee),
        }
        for each in premiums
    }
    return {
        "base": yuan_from_fen(premiums[0].base),
        **({"bases": _yuan(bases)} if len(set(bases.values())) > 1 else {}),
        **shares,
        "total_employer": yuan_from_fen(employer),
        "total_employee": yuan_from_fen(employee),
        "total": yuan_from_fen(employer + employee),
    }


def _yuan(amounts: dict[str, int]) -> dict[str, str]:
    return {name: yuan_from_fen(fen) for name, fen in amounts.items()}
