"""siweb calc late-fee."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import click

from siweb import clock
from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import DAY, RATE, WHOLE, YUAN
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.rules.calendar.months import month_of
from siweb.rules.contributions.late_fee import DayCount, LateFeeTerms, explain_late_fee
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.parameter_set import ParameterMissing


@click.command("late-fee", cls=CalcCommand)
@click.option("--principal", "--arrears", "--amount", type=YUAN, help="Arrears in yuan.")
@click.option("--due-date", "--due-on", type=DAY, help="Last day to pay without a fee.")
@click.option("--paid-date", "--paid-on", type=DAY, help="Day of payment.")
@click.option("--days", type=WHOLE, help="Days of delay, instead of the two days.")
@click.option(
    "--daily-rate", "--rate", type=RATE, help="0.0005 or 0.05%; the pack's when left out."
)
@click.option(
    "--cap/--no-cap",
    "--capped/--not-capped",
    "cap",
    default=None,
    help="Whether the fee stops at the principal.",
)
@click.option("--day-count", type=one_of(DayCount), help="Which days count.")
@click.option("--rounding", type=one_of(Rounding), help="How the fee is rounded.")
@parameter_options
def late_fee(
    principal: int,
    due_date: date | None,
    paid_date: date | None,
    days: int | None,
    month: str | None,
    **options: Any,
) -> Answer:
    """Work out the late fee on arrears that were paid after the due day."""
    require(principal=principal)
    due_date, paid_date = _delay(due_date, paid_date, days)
    terms = _terms(month or month_of(due_date), options)
    if days is not None:
        terms = replace(terms, day_count=DayCount.THROUGH_PAYMENT)
    explained = explain_late_fee(principal, due_date, paid_date, terms)
    fee = explained.value
    figures = {
        "days": fee.days,
        "late_fee": yuan_from_fen(fee.amount),
        "total": yuan_from_fen(principal + fee.amount),
    }
    return Answer(figures, explained.steps)


def _delay(due_date: date | None, paid_date: date | None, days: int | None) -> tuple[date, date]:
    """Return the day due and the day of payment; one of them may follow from the days between.

    :raises click.UsageError: when that is too little, or too much.
    """
    if days is None:
        require(due_date=due_date, paid_date=paid_date)
    elif due_date is not None and paid_date is not None:
        raise click.UsageError("Give either --days or both --due-date and --paid-date.")
    try:
        between = timedelta(days or 0)
        due_date = due_date or (paid_date or clock.today()) - between
        return due_date, paid_date or due_date + between
    except OverflowError:
        raise click.UsageError("--days reaches beyond the calendar.") from None


def _terms(month: str, options: dict[str, Any]) -> LateFeeTerms:
    asked = options["packs"], options["region"], month, options["as_of"]
    given = {
        "daily_rate": options["daily_rate"],
        "capped": options["cap"],
        "day_count": DayCount(options["day_count"]) if options["day_count"] else None,
        "rounding": Rounding(options["rounding"]) if options["rounding"] else None,
    }
    given = {name: value for name, value in given.items() if value is not None}
    try:
        terms = parameters_in_force(*asked).late_fee_terms()
    except ParameterMissing:
        if "daily_rate" not in given:
            raise
        return LateFeeTerms(**given)
    sources = {name: row for name, row in terms.sources.items() if name not in given}
    return replace(terms, **given, sources=sources)
