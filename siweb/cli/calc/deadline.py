"""siweb calc deadline and siweb calc workdays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.inputs import DAY, WHOLE
from siweb.cli.calc.options.parameters import open_packs, parameter_options, parameters_in_force
from siweb.rules.calendar.deadlines import Period, PeriodUnit, explain_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.calendar.working_days import add_working_days, count_working_days
from siweb.rules.explanation import Step
from siweb.rules.numbers.quantity import day, days, word

# Each event has its own period in the national pack.
_EVENTS = {
    "hire_date": "employee_registration",
    "established_date": "employer_registration",
    "termination_date": "termination_report",
    "change_date": "registration_change",
    "enrolment_date": "individual_registration",
    "pension_date": "pension_application",
}


@click.command("deadline", cls=CalcCommand)
@click.option(
    "--hire-date",
    type=DAY,
    help="Start of employment: 30 days to register (SIL 58).",
)
@click.option(
    "--established-date",
    type=DAY,
    help="Founding: 30 days to register (SIL 57).",
)
@click.option(
    "--termination-date",
    type=DAY,
    help="End of employment: 15 days (SIL 50).",
)
@click.option(
    "--change-date", type=DAY, help="Change of an employer's data: 10 working days (OpReg 10)."
)
@click.option(
    "--enrolment-date", type=DAY, help="Application to be registered: 10 working days (OpReg 6)."
)
@click.option(
    "--pension-date", type=DAY, help="Application for a pension: 20 working days (OpReg 18)."
)
@click.option(
    "--date",
    "event_date",
    type=DAY,
    help="Day of any other event.",
)
@click.option("--days", type=WHOLE, help="Length in calendar days.")
@click.option("--working-days", type=WHOLE, help="Length in working days.")
@click.option("--months", type=WHOLE, help="Length in months.")
@click.option("--period", help="Name of a period in the pack, such as arrears_notice.")
@parameter_options
def deadline(event_date: date | None, packs: Path, as_of: date | None, **options: Any) -> Answer:
    """Work out the last day of a period, and where it moves when that is no working day."""
    asked = [name for name in _EVENTS if options[name]]
    if len(asked) + (event_date is not None) != 1:
        raise click.UsageError("Give one day, such as --hire-date or --date.")
    name = options["period"] or (_EVENTS[asked[0]] if asked else None)
    event_on = event_date or options[asked[0]]
    period = _given_period(options)
    if period is None:
        if name is None:
            raise click.UsageError("Give one length: --days, --working-days, --months or --period.")
        month = options["month"] or month_of(event_on)
        period = parameters_in_force(packs, options["region"], month, as_of).period(name)
    explained = explain_deadline(event_on, period, open_packs(packs).calendar(as_of=as_of))
    found = explained.value
    figures = {
        "last_day": found.last_day.isoformat(),
        "last_day_if_moved_to_workday": found.moved_to.isoformat(),
    }
    return Answer(figures, explained.steps, _unknown(found.unknown_years))


@click.command("workdays", cls=CalcCommand)
@click.option(
    "--start",
    type=DAY,
    help="This day is not counted.",
)
@click.option("--days", type=WHOLE, help="How many working days to count on.")
@click.option(
    "--end",
    type=DAY,
    help="Count the working days through this day.",
)
@click.option("--date", "asked", type=DAY, help="Ask about one day, or count from it.")
@parameter_options
def workdays(
    start: date | None, days: int | None, end: date | None, asked: date | None, **options: Any
) -> Answer:
    """Count working days by the State Council's calendar, working weekends included."""
    calendar = open_packs(options["packs"]).calendar(as_of=options["as_of"])
    if asked is not None and (days is not None or end is not None):
        start, asked = asked, None
    if asked is not None:
        figures: dict[str, Any] = {"working_day": calendar.is_working_day(asked)}
        step = Step(
            "working_day",
            "calendar(day)",
            {"day": day(asked)},
            word(str(figures["working_day"]).lower()),
        )
        return Answer(figures, (step,), _unknown(calendar.unknown_years(asked, asked)))
    require(start=start)
    assert start is not None
    if (days is None) == (end is None):
        raise click.UsageError("Give either --days or --end.")
    if days is not None:
        found = add_working_days(start, days, calendar)
        figures = {"last_day": found.day.isoformat(), "working_days": days}
        return Answer(
            figures, (_added_step(start, days, found.day),), _unknown(found.unknown_years)
        )
    assert end is not None
    between = count_working_days(start, end, calendar)
    including = between.days + calendar.is_working_day(start) if start <= end else 0
    figures = {"working_days": between.days, "working_days_with_start": including}
    return Answer(
        figures, (_counted_step(start, end, between.days),), _unknown(between.unknown_years)
    )


def _given_period(options: dict[str, Any]) -> Period | None:
    lengths = {unit: options[unit] for unit in PeriodUnit if options[unit] is not None}
    if len(lengths) > 1:
        raise click.UsageError("Give only one of --days, --working-days and --months.")
    return next((Period(length, unit) for unit, length in lengths.items()), None)


def _unknown(years: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"unknown_year_{year}" for year in years)


def _added_step(start: date, length: int, found: date) -> Step:
    inputs = {"start": day(start), "working_days": days(length)}
    return Step("last_day", "start + working_days", inputs, day(found), "民法典 201")


def _counted_step(start: date, end: date, found: int) -> Step:
    inputs = {"start": day(start), "end": day(end)}
    return Step(
        "working_days", "working_days(after start, through end)", inputs, days(found), "民法典 201"
    )
