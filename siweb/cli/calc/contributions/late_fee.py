"""siweb calc late-fee: for employers only, from each month's own due day (SIL 86)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import click

from siweb import clock
from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import DAY, DAYS, RATE, WHOLE, YUAN
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.cli.calc.options.structured import DATED_AMOUNTS, MONTHS_DUE, PERIODS
from siweb.rules.calendar.months import month_of
from siweb.rules.contributions.late_fee import DayCount, LateFeeTerms, explain_late_fee
from siweb.rules.contributions.late_fee_months import (
    Due,
    Pause,
    compute_monthly_late_fee,
    overdue_days_outside,
)
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.parameter_set import ParameterMissing

FLEXIBLE = "flexible"


@click.command("late-fee", cls=CalcCommand)
@click.option(
    "--payer",
    type=click.Choice(["employer", FLEXIBLE]),
    default="employer",
    help="Who pays: a flexible worker owes no fee.",
)
@click.option("--principal", type=YUAN, help="Arrears in yuan.")
@click.option("--employer-share", type=YUAN, help="With --employee-share, instead of --principal.")
@click.option("--employee-share", type=YUAN, help="Yuan; the employer alone bears the fee on it.")
@click.option("--due-date", type=DAY, help="Last day to pay without a fee.")
@click.option("--paid-date", type=DAY, help="Day of payment.")
@click.option("--paid-dates", type=DAYS, help="Several days of payment, each asked by itself.")
@click.option("--days", type=WHOLE, help="Days of delay, instead of the two days.")
@click.option(
    "--months", "months_due", type=MONTHS_DUE, help="Months, each with yuan and its own due day."
)
@click.option("--payments", type=DATED_AMOUNTS, help="Days and yuan of payments in parts.")
@click.option("--deferred", type=PERIODS, help="First and last day of an approved deferral.")
@click.option("--kind", help="What the arrears come from; the fee is the same for all.")
@click.option("--daily-rate", type=RATE, help="0.0005 or 0.05%; the pack's when left out.")
@click.option("--cap/--no-cap", default=None, help="Whether the fee stops at the principal.")
@click.option("--day-count", type=one_of(DayCount), help="Which days count.")
@click.option("--rounding", type=one_of(Rounding), help="How the fee is rounded.")
@parameter_options
def late_fee(months_due: tuple[tuple[str, int, date], ...] | None, **options: Any) -> Answer:
    """Work out the late fee on arrears that an employer paid after the due day."""
    principal = _principal(options, months_due)
    if options["payer"] == FLEXIBLE:
        return _of_flexible(principal)
    if months_due is not None:
        return _of_months(months_due, options)
    if options["payments"] is not None:
        return _of_parts(principal, options)
    if options["paid_dates"] is not None:
        return _of_several_days(principal, options)
    return _of_one_day(principal, options)


def _principal(
    options: dict[str, Any], months_due: tuple[tuple[str, int, date], ...] | None
) -> int:
    """Return the whole arrears in fen: the withheld shares of employees are part of the bill."""
    if months_due is not None:
        return sum(principal for _month, principal, _due_on in months_due)
    if options["principal"] is None and options["employer_share"] is not None:
        return int(options["employer_share"]) + int(options["employee_share"] or 0)
    require(principal=options["principal"])
    return int(options["principal"])


def _of_flexible(principal: int) -> Answer:
    # SIL 60(2): a flexible worker may pay; 86 names employers only.
    return Answer(
        {"days": 0, "late_fee": "0.00", "to_pay": yuan_from_fen(principal), "arrears_case": False}
    )


def _of_months(months_due: tuple[tuple[str, int, date], ...], options: dict[str, Any]) -> Answer:
    require(paid_date=options["paid_date"])
    days, fees = [], []
    for month, principal, due_on in months_due:
        terms = _terms(options["month"] or month, options)
        days.append(_days(due_on, options["paid_date"], options, terms))
        fees.append(_fee(principal, due_on, options["paid_date"], options, terms))
    figures = {
        "days": days,
        "late_fees": [yuan_from_fen(fee) for fee in fees],
        "total": yuan_from_fen(sum(fees)),
        "principal": yuan_from_fen(sum(principal for _month, principal, _due_on in months_due)),
        "arrears_case": any(late and each[1] for late, each in zip(days, months_due, strict=True)),
    }
    return Answer(figures)


def _of_parts(principal: int, options: dict[str, Any]) -> Answer:
    due_on = options["due_date"]
    require(due_date=due_on)
    terms = _terms(options["month"] or month_of(due_on), options)
    parts = options["payments"]
    through = options["paid_date"] or max(day for day, _fen in parts)
    fee = compute_monthly_late_fee(
        [Due(due_on, principal)], parts, through, terms, pauses=_pauses(options)
    )
    unpaid = principal - sum(fen for _day, fen in parts)
    figures = {
        "days": [_days(due_on, day, options, terms) for day, _fen in parts],
        "late_fee": yuan_from_fen(fee),
        "to_pay": yuan_from_fen(unpaid + fee),
        "arrears_case": any(day > due_on for day, _fen in parts) or bool(unpaid),
    }
    return Answer(figures)


def _of_several_days(principal: int, options: dict[str, Any]) -> Answer:
    due_on, paid_dates = options["due_date"], options["paid_dates"]
    require(due_date=due_on)
    terms = _terms(options["month"] or month_of(due_on), options)
    figures = {
        "days": [_days(due_on, day, options, terms) for day in paid_dates],
        "late_fees": [
            yuan_from_fen(_fee(principal, due_on, day, options, terms)) for day in paid_dates
        ],
    }
    return Answer(figures)


def _of_one_day(principal: int, options: dict[str, Any]) -> Answer:
    due_on, paid_on = _delay(options["due_date"], options["paid_date"], options["days"])
    terms = _terms(options["month"] or month_of(due_on), options)
    if options["days"] is not None:
        # The days that were given are those that count, however the region counts between two
        # days.
        terms = replace(terms, day_count=DayCount.THROUGH_PAYMENT)
    explained = explain_late_fee(principal, due_on, paid_on, terms)
    days = _days(due_on, paid_on, options, terms)
    fee = _fee(principal, due_on, paid_on, options, terms)
    uncapped = _fee(principal, due_on, paid_on, options, replace(terms, capped=False))
    figures: dict[str, Any] = {
        "days": days,
        "late_fee": yuan_from_fen(fee),
        "to_pay": yuan_from_fen(principal + fee),
        "principal": yuan_from_fen(principal),
        "borne_by_employer": yuan_from_fen(fee),
        # Order 13 Article 20, Order 20 Article 11: never passed on to employees.
        "borne_by_employee": yuan_from_fen(0),
        "arrears_case": days > 0 and principal > 0,
    }
    if uncapped > principal:
        # Whether 行政强制法 45 caps this fee is disputed: staff see both sums.
        figures["late_fee_capped"] = yuan_from_fen(principal)
        figures["late_fee_uncapped"] = yuan_from_fen(uncapped)
    # The steps of the plain fee do not show a deferral's days.
    return Answer(figures, () if options["deferred"] else explained.steps)


def _pauses(options: dict[str, Any]) -> Sequence[Pause]:
    return [Pause(first, last) for first, last in options["deferred"] or ()]


def _days(due_on: date, paid_on: date, options: dict[str, Any], terms: LateFeeTerms) -> int:
    return overdue_days_outside(due_on, paid_on, _pauses(options), terms.day_count)


def _fee(
    principal: int, due_on: date, paid_on: date, options: dict[str, Any], terms: LateFeeTerms
) -> int:
    dues = [Due(due_on, principal)]
    return compute_monthly_late_fee(dues, [], paid_on, terms, pauses=_pauses(options))


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
