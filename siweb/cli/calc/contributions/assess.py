"""siweb calc assess and siweb calc fine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import PERCENT, YUAN
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.cli.calc.options.structured import Structured, read_at, rows_of
from siweb.rules.contributions.assessment import (
    AssessmentScope,
    AssessmentTerms,
    LastMonth,
    NoLastMonth,
    assess_amount,
    assess_insurances,
    explain_assessment,
    explain_undeclared_base,
    last_month_amount,
    settle_assessment,
)
from siweb.rules.contributions.fines import FineRange, explain_fine_range
from siweb.rules.explanation import Step
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import fen_from_yuan, yuan_from_fen
from siweb.rules.parameters.parameter_set import ParameterSet

Amounts = dict[str, int]


def _last_month(value: Any) -> Amounts:
    """Return fen by insurance; one amount stands under no name, nothing at all is none."""
    if value in (None, ""):
        return {}
    if isinstance(value, dict):
        return {name: read_at(name, YUAN, yuan) for name, yuan in value.items() if yuan is not None}
    return {"": fen_from_yuan(value)}


LAST_MONTH = Structured(
    "yuan", "an amount in yuan from 0 up, such as 7162.00", _last_month, knows_null=True
)
_EMPLOYERS = rows_of({"last_month_paid": LAST_MONTH, "last_month_assessed": LAST_MONTH})
# Order 259 Article 10: what the agency determines the amount by when there is no last month.
_MANUAL: dict[str, Any] = {
    "assessed": None,
    "needs_manual_assessment": True,
    "facts_to_ask": ["operations", "headcount", "local_average_wage"],
}
# Which provisions apply to what; the ranges themselves are the pack's. Where both the law and the
# regulation (Order 259) name the persons responsible, both are shown: a person decides.
_FINES = (
    (
        "due",
        (
            "art84",
            "art84_person",
            "order259_23_person",
            "order259_23_person_serious",
            "order259_24_person",
        ),
    ),
    ("arrears", ("art86",)),
    ("defrauded", ("art88",)),
)


@click.command("assess", cls=CalcCommand)
@click.option(
    "--last-month-paid",
    type=LAST_MONTH,
    help="What was paid for last month, yuan; an object names it for each insurance.",
)
@click.option(
    "--last-month-assessed", type=LAST_MONTH, help="What was assessed for last month, yuan."
)
@click.option("--rows", type=_EMPLOYERS, help="Several employers, each with last_month_paid.")
@click.option("--last-month", type=one_of(LastMonth), help="Which of the two counts.")
@click.option("--rate", type=PERCENT, help="Percent, 110 when left out.")
@click.option("--scope", type=one_of(AssessmentScope), help="Rounded for each insurance or once.")
@click.option("--rounding", type=one_of(Rounding), help="How the amount is rounded.")
@click.option("--due", type=YUAN, help="What a late declaration comes to, to settle with; yuan.")
@click.option("--last-base", type=YUAN, help="City rule: last year's base, raised instead; yuan.")
@click.option("--floor", type=YUAN, default=0, help="With --last-base: the new floor, yuan.")
@click.option("--ceiling", type=YUAN, help="With --last-base: the new ceiling, yuan.")
@parameter_options
def assess(
    last_month_paid: Amounts | None, last_month_assessed: Amounts | None, **options: Any
) -> Answer:
    """Work out what is assessed when nothing was declared (SIL 62)."""
    if options["last_base"] is not None:
        return _assess_base(options)
    terms = _terms(options)
    if options["rows"] is not None:
        return _assess_rows(options["rows"], terms)
    if last_month_assessed is None:
        require(last_month_paid=last_month_paid)
    by_insurance = _last_month_amounts(last_month_paid or {}, last_month_assessed or {}, terms)
    if not by_insurance:
        return Answer(_MANUAL)
    figures: dict[str, Any] = {"needs_manual_assessment": False}
    if len(by_insurance) > 1:
        total = assess_insurances(by_insurance, terms)
        steps: tuple[Step, ...] = ()
        figures["insurances"] = {
            name: yuan_from_fen(assess_amount(fen, terms)) for name, fen in by_insurance.items()
        }
    else:
        explained = explain_assessment(sum(by_insurance.values()), terms)
        total, steps = explained.value, explained.steps
    figures["assessed"] = yuan_from_fen(total)
    if options["due"] is None:
        return Answer(figures, steps)
    settled = settle_assessment(options["due"], total)
    figures["balance"] = yuan_from_fen(settled.value.balance)
    return Answer(figures, (*steps, *settled.steps))


def _last_month_amounts(paid: Amounts, assessed: Amounts, terms: AssessmentTerms) -> Amounts:
    """Return what counts as last month's in fen, by insurance; nothing where there was nothing."""
    found = {}
    for name in paid | assessed:
        try:
            found[name] = last_month_amount(paid.get(name), assessed.get(name), terms)
        except NoLastMonth:
            continue
    return found


def _assess_rows(rows: Sequence[Mapping[str, Any]], terms: AssessmentTerms) -> Answer:
    """Return what is assessed for each; nil is an ordinary outcome that a person decides on."""
    assessed: list[str | None] = []
    for row in rows:
        paid, before = row.get("last_month_paid") or {}, row.get("last_month_assessed") or {}
        by_insurance = _last_month_amounts(paid, before, terms)
        total = assess_insurances(by_insurance, terms)
        assessed.append(yuan_from_fen(total) if by_insurance else None)
    manual = [amount is None for amount in assessed]
    figures: dict[str, Any] = {"assessed": assessed, "needs_manual_assessment": manual}
    if any(manual):
        figures["facts_to_ask"] = _MANUAL["facts_to_ask"]
    return Answer(figures)


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
    kinds = {"last_month": LastMonth, "rounding": Rounding, "scope": AssessmentScope}
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
