"""siweb calc coverage and siweb calc second-employer: what an employer owes at a hire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import click

from siweb import clock
from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import AMOUNTS, DAY, MONTH, YUAN, read_month
from siweb.cli.calc.options.parameters import open_packs, parameter_options, parameters_in_force
from siweb.cli.calc.options.structured import INSURANCE_LIST, ROWS, TABLE, words
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.contributions.insurance_duty import (
    DutyFinding,
    EmploymentForm,
    FirstMonthRule,
    InsuranceRefusal,
    days_late,
    divide_by_form,
    divide_second_employer,
    missing_insurances,
    uncovered_months,
    wage_findings,
)
from siweb.rules.contributions.premium import base_used
from siweb.rules.numbers.money import LARGEST_FEN, yuan_from_fen
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.read import NATIONAL


@click.command("coverage", cls=CalcCommand)
@click.option("--hire-date", type=DAY, help="First day of employment.")
@click.option("--start-month", type=MONTH, help="First contribution month.")
@click.option("--filed-on", type=DAY, help="Day of the filing; today when left out.")
@click.option("--first-month-rule", type=one_of(FirstMonthRule), help="The region's by default.")
@click.option("--form", type=one_of(EmploymentForm), default="full_time", help="Of employment.")
@click.option("--insurances", type=INSURANCE_LIST, help="What was asked for.")
@click.option("--rows", type=ROWS, help="Several hires, each with form and insurances.")
@click.option(
    "--maternity-with-medical/--maternity-apart",
    default=None,
    help="Whether medical covers maternity; as the region says by default.",
)
@click.option("--wages", type=AMOUNTS, help="Declared wages, yuan.")
@click.option("--minimum-wage", type=YUAN, help="Yuan a month; the region's by default.")
@click.option("--floor", type=YUAN, help="Lowest base, yuan; the region's by default.")
@click.option("--ceiling", type=YUAN, help="Highest base, yuan; the region's by default.")
@click.option("--whole-month/--part-month", default=True, help="Whether the wage is of a month.")
@parameter_options
def coverage(**options: Any) -> Answer:
    """Say what a hire falls short of: insurances, months, days, wage (SIL 10, 58)."""
    parameters = _parameters(options)
    figures: dict[str, Any] = {}
    findings: list[Any] = []
    if options["hire_date"] is not None:
        figures |= _of_time(options, parameters, findings)
    if options["rows"] is not None:
        figures |= _of_rows(options["rows"], options, parameters, findings)
    elif options["insurances"] is not None:
        missing = _missing(options["form"], options["insurances"], options, parameters)
        figures["missing"] = list(missing)
        findings += [DutyFinding.MISSING_INSURANCE] if missing else []
    if options["wages"] is not None:
        figures |= _of_wages(options, parameters, findings)
    if not figures:
        raise click.UsageError("Give --hire-date, --insurances, --rows or --wages.")
    return Answer({**figures, "findings": findings})


@click.command("second-employer", cls=CalcCommand)
@click.option("--active-at", type=TABLE, help="Employers and what the person is insured for there.")
@click.option("--hire-at", help="The employer that hires.")
@click.option("--form", type=one_of(EmploymentForm), default="full_time", help="Of employment.")
@click.option("--asked", type=INSURANCE_LIST, help="The insurances asked for.")
@click.option("--rows", type=ROWS, help="Several hires, each with form, asked and month.")
@parameter_options
def second_employer(**options: Any) -> Answer:
    """Say which insurances a further employer, or a special form of employment, may have."""
    if options["rows"] is not None:
        outcomes = [_outcome(row, options) for row in options["rows"]]
        return Answer(
            {
                "outcomes": ["refused" if refused else "accepted" for _, refused, _ in outcomes],
                "accepted": [list(accepted) for accepted, _, _ in outcomes],
                "refused": [list(refused) for _, refused, _ in outcomes],
                "reasons": [reason for _, _, reason in outcomes],
            }
        )
    require(asked=options["asked"])
    row = {name: options[name] for name in ("active_at", "hire_at", "form", "asked", "month")}
    accepted, refused, reason = _outcome(row, options)
    return Answer({"accepted": list(accepted), "refused": list(refused), "reason": reason})


def _of_time(
    options: Mapping[str, Any], parameters: ParameterSet, findings: list[Any]
) -> dict[str, Any]:
    hired_on, filed_on = options["hire_date"], options["filed_on"] or clock.today()
    of_hire = parameters.for_month(month_of(hired_on))
    packs = open_packs(options["packs"])
    calendar = packs.calendar(as_of=options["as_of"])
    deadline = compute_deadline(hired_on, of_hire.period("employee_registration"), calendar)
    late = days_late(deadline.last_day, deadline.moved_to, filed_on)
    rule = options["first_month_rule"]
    rule = of_hire.first_month_rule() if rule is None else FirstMonthRule(rule)
    start = options["start_month"] or month_of(hired_on)
    uncovered = uncovered_months(hired_on, start, rule)
    findings += [DutyFinding.LATE_HIRE] if late else []
    findings += [DutyFinding.UNCOVERED_MONTHS] if uncovered else []
    return {
        "uncovered_months": list(uncovered),
        "register_by": deadline.last_day.isoformat(),
        "register_by_if_moved_to_workday": deadline.moved_to.isoformat(),
        "days_late": late,
    }


def _of_rows(
    rows: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    parameters: ParameterSet,
    findings: list[Any],
) -> dict[str, Any]:
    missing = [
        _missing(row.get("form", options["form"]), words(row["insurances"]), options, parameters)
        for row in rows
    ]
    findings += [[DutyFinding.MISSING_INSURANCE] if each else [] for each in missing]
    return {"missing": [list(each) for each in missing]}


def _missing(
    form: str, insurances: Sequence[str], options: Mapping[str, Any], parameters: ParameterSet
) -> tuple[str, ...]:
    together = options["maternity_with_medical"]
    if together is None and parameters.region != NATIONAL:
        together = parameters.collected_with("maternity") == "medical"
    return missing_insurances(
        EmploymentForm(form), insurances, maternity_with_medical=bool(together)
    )


def _of_wages(
    options: Mapping[str, Any], parameters: ParameterSet, findings: list[Any]
) -> dict[str, Any]:
    limits = parameters.optional_row("limits", "employee", "pension")
    floor, ceiling = options["floor"], options["ceiling"]
    if floor is None:
        floor = limits.values["base_floor"] if limits else 0
    if ceiling is None:
        ceiling = limits.values["base_ceiling"] if limits else LARGEST_FEN
    wage_row = parameters.minimum_wage()
    minimum = options["minimum_wage"]
    if minimum is None and wage_row is not None:
        minimum = wage_row.values["month"]
    form = EmploymentForm(options["form"])
    found = [
        list(
            wage_findings(wage, (floor, ceiling), minimum, form, whole_month=options["whole_month"])
        )
        for wage in options["wages"]
    ]
    # One wage has one list of findings, together with those of the hire.
    findings += found if len(found) > 1 else found[0]
    bases = [yuan_from_fen(base_used(wage, floor, ceiling)) for wage in options["wages"]]
    return {"bases": bases}


def _outcome(
    row: Mapping[str, Any], options: Mapping[str, Any]
) -> tuple[tuple[str, ...], tuple[str, ...], InsuranceRefusal | None]:
    """Return what is accepted and refused of one hire, and the first reason of a refusal."""
    form = EmploymentForm(row.get("form") or "full_time")
    by_form = divide_by_form(
        words(row["asked"]), form, work_injury_allowed=_is_allowed(form, row, options)
    )
    elsewhere = {
        insurance
        for employer, insurances in (row.get("active_at") or {}).items()
        if employer != row.get("hire_at")
        for insurance in words(insurances)
    }
    by_employer = divide_second_employer(by_form.accepted, elsewhere)
    refused = tuple(
        each for each in words(row["asked"]) if each in (*by_form.refused, *by_employer.refused)
    )
    return by_employer.accepted, refused, by_form.reason or by_employer.reason


def _is_allowed(form: EmploymentForm, row: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    """Return what the row says of its region, else what the packs say for its month."""
    given = row.get(f"region_allows_{form}", row.get(f"region_allows_{form}s"))
    if given is not None:
        return bool(given)
    month = read_month(row["month"]) if row.get("month") else options["month"]
    asked: tuple[Any, str, str | None, date | None] = (
        options["packs"],
        row.get("region", options["region"]),
        month,
        options["as_of"],
    )
    return parameters_in_force(*asked).work_injury_alone(form)


def _parameters(options: Mapping[str, Any]) -> ParameterSet:
    """Return the parameters of the month asked, else of the first contribution month."""
    hired_on = options["hire_date"]
    month = options["month"] or options["start_month"] or (hired_on and month_of(hired_on))
    return parameters_in_force(options["packs"], options["region"], month, options["as_of"])
