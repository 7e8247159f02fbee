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
    INJURY_CLASS,
    PERCENT,
    RATE_OF_SIDES,
    SIDES,
    WHOLE,
    YUAN,
)
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.cli.calc.options.premium_terms import Overrides, Sides, find_terms
from siweb.cli.calc.options.structured import AMOUNTS, NAMED_AMOUNTS
from siweb.rules.contributions.premium import (
    Premium,
    PremiumTerms,
    Scope,
    compute_employer_total,
    compute_premium,
    divide_premium,
    explain_employer_total,
    explain_premium,
)
from siweb.rules.explanation import Explained, Step
from siweb.rules.insurances import SCHEMES
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.parameter_set import FULL_TIER, ParameterSet
from siweb.rules.parameters.read import NATIONAL
from siweb.rules.parameters.staleness import ended_rates, stale_limits

# What the options are called, and the insurances they stand for.
_CODES = {"injury": "work_injury", "rate": "premium"}
_OPTIONS = {code: name for name, code in _CODES.items()}


@click.command("premium", cls=CalcCommand)
@click.option(
    "--monthly-wage",
    "wages",
    type=AMOUNTS,
    multiple=True,
    help="Yuan, or the base that was declared; again for each of an employer's people.",
)
@click.option(
    "--people",
    "people",
    type=WHOLE,
    default=1,
    help="How many people have this wage, or these.",
)
@click.option("--floor", type=YUAN, help="Lowest contribution base, yuan.")
@click.option("--ceiling", type=YUAN, help="Highest contribution base, yuan.")
@click.option("--pension", type=SIDES, help="Percent, employer/employee, such as 16/8.")
@click.option("--medical", type=SIDES, help="Percent, employer/employee.")
@click.option("--unemployment", type=SIDES, help="Percent, employer/employee.")
@click.option("--injury", type=SIDES, help="Work injury: percent, such as 0.2/0.")
@click.option("--rate", type=RATE_OF_SIDES, help="The same for an insurance without a name.")
@click.option("--maternity", type=SIDES, help="Percent, employer/employee.")
@click.option(
    "--limits",
    type=NAMED_AMOUNTS,
    multiple=True,
    help="Floor and ceiling of one insurance: medical=6733/33666.",
)
@click.option(
    "--additions",
    type=NAMED_AMOUNTS,
    multiple=True,
    help="Fixed yuan that each side adds: medical=0/3.",
)
@click.option(
    "--account-rate", type=PERCENT, help="Percent of the pension base for the personal account."
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
            "maternity",
            "rate",
        )
        if options[name] is not None
    }
    overrides = Overrides(
        {_CODES.get(name, name): sides for name, sides in named.items()},
        options["floor"],
        options["ceiling"],
        _by_code(options["limits"]),
        _by_code(options["additions"]),
        Rounding(options["rounding"]) if options["rounding"] else None,
        Scope(options["scope"]) if options["scope"] else None,
    )
    asked = (options[name] for name in ("packs", "region", "month", "as_of"))
    parameters = parameters_in_force(*asked)
    injury = {name: options[name] for name in ("injury_class", "injury_tier")}
    terms = find_terms(parameters, options["scheme"], injury, overrides)
    # The answer calls an insurance as it was asked for.
    names = {_CODES.get(name, name): name for name in named if name != "rate"}
    everyone = [wage for given in wages for wage in given] * options["people"]
    if not everyone:
        raise click.UsageError("--people must be at least 1.")
    answer = (
        _of_person(everyone[0], terms, names)
        if len(everyone) == 1
        else _of_employer(everyone, terms, names)
    )
    split = _account_and_pool(everyone, terms, _account_rate(options, parameters))
    age, warnings = _age_of(parameters, options)
    return replace(answer, figures=answer.figures | split | age, warnings=warnings)


def _by_code(given: Sequence[dict[str, Sides]]) -> dict[str, Sides]:
    return {_CODES.get(name, name): pair for each in given for name, pair in each.items()}


def _account_rate(options: dict[str, Any], parameters: ParameterSet) -> int:
    """Return what goes to the account in ppm: the option's, else the region's, else nothing."""
    if options["account_rate"] is not None:
        return int(options["account_rate"])
    is_in_region = parameters.optional_row("rates", options["scheme"], "pension") is not None
    return parameters.account_rate(options["scheme"]) if is_in_region else 0


def _account_and_pool(
    wages: Sequence[int], terms: Sequence[PremiumTerms], account_rate: int
) -> dict[str, str]:
    """Return how the pension premium is divided, which is worked out person by person."""
    pension = next((each for each in terms if each.insurance == "pension"), None)
    if pension is None or not account_rate:
        return {}
    account = sum(
        divide_premium(compute_premium(pension, wage), account_rate, pension.rounding)[0]
        for wage in wages
    )
    whole = compute_employer_total(pension, wages).total
    return _yuan({"to_personal_account": account, "to_pool": whole - account})


def _age_of(
    parameters: ParameterSet, options: dict[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return whether the region's figures are provisional, and the warnings about them."""
    if parameters.region == NATIONAL:
        return {}, ()
    since = [each.since for each in stale_limits(parameters, options["scheme"])]
    ended = [
        source.key.split(".")[-1]
        for source in ended_rates(parameters, options["scheme"])
        if options[_OPTIONS.get(source.key.split(".")[-1], source.key.split(".")[-1])] is None
    ]
    figures: dict[str, Any] = {"stale": bool(since), "stale_since": min(since, default=None)}
    if ended:
        figures["rates_unknown"] = ended
    stale = ("stale_limits",) if since else ()
    return figures, (*stale, *(f"rate_unknown_{insurance}" for insurance in ended))


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
