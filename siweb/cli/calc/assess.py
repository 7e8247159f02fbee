"""siweb calc assess and siweb calc fine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import PERCENT, YUAN
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.rules.contributions.assessment import (
    AssessmentTerms,
    LastMonth,
    explain_assessment,
    explain_undeclared_base,
    last_month_amount,
    settle_assessment,
)
from siweb.rules.contributions.fines import FineRange, explain_fine_range
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.parameter_set import ParameterSet

# Which provisions apply to what; the ranges themselves are the pack's.
_FINES = (
    ("due", ("art84", "art84_person")),
    ("arrears", ("art86",)),
    ("defrauded", ("art88",)),
)


@click.command("assess", cls=CalcCommand)
@click.option(
    "--last-month-paid",
    "--last-paid",
    "--last-month-amount",
    "last_month_paid",
    type=YUAN,
    help="What was paid for last month, yuan.",
)
@click.option(
    "--last-month-assessed",
    "--last-assessed",
    "last_month_assessed",
    type=YUAN,
    help="What was assessed for last month, yuan.",
)
@click.option("--last-month", type=one_of(LastMonth), help="Which of the two counts.")
@click.option("--rate", type=PERCENT, help="Percent, 110 when left out.")
@click.option("--rounding", type=one_of(Rounding), help="How the amount is rounded.")
@click.option(
    "--due",
    "--declared",
    "--declared-due",
    "due",
    type=YUAN,
    help="What a late declaration comes to, to settle with; yuan.",
)
@click.option("--last-base", type=YUAN, help="City rule: last year's base, raised instead; yuan.")
@click.option("--floor", type=YUAN, default=0, help="With --last-base: the new floor, yuan.")
@click.option("--ceiling", type=YUAN, help="With --last-base: the new ceiling, yuan.")
@parameter_options
def assess(last_month_paid: int | None, last_month_assessed: int | None, **options: Any) -> Answer:
    """Work out what is assessed when nothing was declared (SIL 62)."""
    if options["last_base"] is not None:
        return _assess_base(options)
    terms = _terms(options)
    if last_month_assessed is None:
        require(last_month_paid=last_month_paid)
    last_month = last_month_amount(last_month_paid, last_month_assessed, terms)
    explained = explain_assessment(last_month, terms)
    figures = {"assessed": yuan_from_fen(explained.value)}
    if options["due"] is None:
        return Answer(figures, explained.steps)
    settled = settle_assessment(options["due"], explained.value)
    figures["balance"] = yuan_from_fen(settled.value.balance)
    return Answer(figures, (*explained.steps, *settled.steps))


@click.command("fine", cls=CalcCommand)
@click.option("--due", type=YUAN, help="Premiums due by who did not register, yuan (SIL 84).")
@click.option("--arrears", type=YUAN, help="Arrears not paid in time, yuan (SIL 86).")
@click.option("--defrauded", type=YUAN, help="Benefits obtained by fraud, yuan (SIL 88).")
@parameter_options
def fine(due: int | None, arrears: int | None, defrauded: int | None, **options: Any) -> Answer:
    """Show the range within which a person decides a fine."""
    amounts = {"due": due, "arrears": arrears, "defrauded": defrauded}
    if all(amount is None for amount in amounts.values()):
        raise click.UsageError("Give --due, --arrears or --defrauded.")
    parameters = parameters_in_force(**options)
    explained = {
        name: explain_fine_range(amount, parameters.fine_terms(name))
        for what, names in _FINES
        if (amount := amounts[what]) is not None
        for name in names
    }
    figures = {name: _ends(each.value) for name, each in explained.items()}
    return Answer(figures, tuple(step for each in explained.values() for step in each.steps))


def _assess_base(options: dict[str, Any]) -> Answer:
    require(ceiling=options["ceiling"])
    if options["floor"] > options["ceiling"]:
        raise click.UsageError("The floor is above the ceiling.")
    # Asked about a city without the rule, the answer is what it would come to.
    row = _parameters(options).row("undeclared_base")
    terms = AssessmentTerms(row.values["rate"], sources={"rate": row.source})
    if options["rate"] is not None:
        terms = AssessmentTerms(options["rate"])
    explained = explain_undeclared_base(
        options["last_base"], options["floor"], options["ceiling"], terms
    )
    return Answer({"base": yuan_from_fen(explained.value)}, explained.steps)


def _terms(options: dict[str, Any]) -> AssessmentTerms:
    terms = _parameters(options).assessment_terms()
    kinds = {"last_month": LastMonth, "rounding": Rounding}
    given: dict[str, Any] = {
        name: kind(options[name]) for name, kind in kinds.items() if options[name]
    }
    if options["rate"] is not None:
        given["rate"] = options["rate"]
    sources = {name: row for name, row in terms.sources.items() if name not in given}
    return replace(terms, **given, sources=sources)


def _parameters(options: dict[str, Any]) -> ParameterSet:
    return parameters_in_force(*(options[name] for name in ("packs", "region", "month", "as_of")))


def _ends(span: FineRange) -> list[str]:
    return [yuan_from_fen(span.least), yuan_from_fen(span.most)]
