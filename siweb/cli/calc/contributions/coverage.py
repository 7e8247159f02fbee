"""siweb calc coverage and siweb calc second-employer: what an employer owes at a hire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from siweb import clock
from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import DAY, MONTH, YUAN, Input
from siweb.cli.calc.options.parameters import (
    open_packs,
    parameter_options,
    parameters_in_force,
    stale_warnings,
)
from siweb.cli.calc.options.structured import (
    AMOUNTS,
    FLAG,
    INSURANCE_LIST,
    TEXT,
    rows_of,
    table_of,
)
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.contributions.insurance_duty import (
    WORK_INJURY_ALONE,
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

_FORM = Input("form", f"one of {', '.join(EmploymentForm)}", EmploymentForm)
_RULE = Input("rule", f"one of {', '.join(FirstMonthRule)}", FirstMonthRule)
_INSURED_AT = table_of(INSURANCE_LIST, "a JSON object of lists of insurances by employer")
# What may stand in the rows of each command, by the names of its options.
_HIRES = rows_of(
    {
        "hire_date": DAY,
        "start_month": MONTH,
        "filed_on": DAY,
        "first_month_rule": _RULE,
        "form": _FORM,
        "insurances": INSURANCE_LIST,
        "maternity_with_medical": FLAG,
        "wage": AMOUNTS,
        "wages": AMOUNTS,
        "minimum_wage": YUAN,
        "floor": YUAN,
        "ceiling": YUAN,
        "whole_month": FLAG,
        "region": TEXT,
        "month": MONTH,
    }
)
_ASKED = rows_of(
    {
        "active_at": _INSURED_AT,
        "hire_at": TEXT,
        "form": _FORM,
        "asked": INSURANCE_LIST,
        "month": MONTH,
        "region": TEXT,
        "draws_pension": FLAG,
        **{f"region_allows_{form}": FLAG for form in ("intern", "interns", "over_age")},
    },
    needed=("asked",),
)


@click.command("coverage", cls=CalcCommand)
@click.option("--hire-date", type=DAY, help="First day of employment.")
@click.option("--start-month", type=MONTH, help="First contribution month.")
@click.option("--filed-on", type=DAY, help="Day of the filing; today when left out.")
@click.option("--first-month-rule", type=one_of(FirstMonthRule), help="The region's by default.")
@click.option("--form", type=one_of(EmploymentForm), default="full_time", help="Of employment.")
@click.option("--insurances", type=INSURANCE_LIST, help="What was asked for.")
@click.option("--rows", type=_HIRES, help="Several hires, each with form and insurances.")
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
    if options["rows"] is not None:
        return Answer(_of_rows(options["rows"], options))
    figures = _of_hire(options)
    if len(figures) == 1:
        raise click.UsageError("Give --hire-date, --insurances, --rows or --wages.")
    uses_limits = options["wages"] is not None and options["floor"] is None
    stale = stale_warnings(parameters, "employee", ["pension"]) if uses_limits else ()
    return Answer(figures, warnings=stale)


@click.command("second-employer", cls=CalcCommand)
@click.option(
    "--active-at", type=_INSURED_AT, help="Employers and what the person is insured for there."
)
@click.option("--hire-at", help="The employer that hires.")
@click.option("--form", type=one_of(EmploymentForm), default="full_time", help="Of employment.")
@click.option("--asked", type=INSURANCE_LIST, help="The insurances asked for.")
@click.option("--draws-pension", is_flag=True, help="The person draws a pension already.")
@click.option(
    "--region-allows-interns/--region-forbids-interns",
    default=None,
    help="Whether interns may have work injury cover; the region's by default.",
)
@click.option(
    "--region-allows-over-age/--region-forbids-over-age",
    default=None,
    help="The same for people past retirement age.",
)
@click.option("--rows", type=_ASKED, help="Several hires, each with form, asked and month.")
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
    accepted, refused, reason = _outcome(options, options)
    return Answer({"accepted": list(accepted), "refused": list(refused), "reason": reason})


def _of_hire(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what there is to say about one hire, and last its findings."""
    parameters = _parameters(options)
    figures: dict[str, Any] = {}
    findings: list[Any] = []
    if options["hire_date"] is not None:
        figures |= _of_time(options, parameters, findings)
    if options["insurances"] is not None:
        missing = _missing(options["form"], options["insurances"], options, parameters)
        figures["missing"] = list(missing)
        findings += [DutyFinding.MISSING_INSURANCE] if missing else []
    if options["wages"] is not None:
        figures |= _of_wages(options, parameters, findings)
    return {**figures, "findings": findings}


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


def _of_rows(rows: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers to several hires, each figure as a list over all of them."""
    answers = [_of_hire({**options, **_as_options(row), "rows": None}) for row in rows]
    names = dict.fromkeys(name for answer in answers for name in answer)
    return {name: [answer.get(name) for answer in answers] for name in names}


def _as_options(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row gives by the names of the options: one wage is a list of one."""
    given = {name: value for name, value in row.items() if value is not None}
    return {"wages" if name == "wage" else name: value for name, value in given.items()}


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
    if floor > ceiling:
        raise click.UsageError("The floor is above the ceiling.")
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
    if row.get("draws_pension") and form not in WORK_INJURY_ALONE:
        # Whoever draws a pension is no employee by law, whatever the contract is called.
        form = EmploymentForm.OVER_AGE
    asked = row["asked"]
    by_form = divide_by_form(asked, form, work_injury_allowed=_is_allowed(form, row, options))
    elsewhere = {
        insurance
        for employer, insurances in (row.get("active_at") or {}).items()
        if employer != row.get("hire_at")
        for insurance in insurances
    }
    by_employer = divide_second_employer(by_form.accepted, elsewhere)
    refused = tuple(each for each in asked if each in (*by_form.refused, *by_employer.refused))
    return by_employer.accepted, refused, by_form.reason or by_employer.reason


def _is_allowed(form: EmploymentForm, row: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    """Return what the row says of its region, else what the packs say for its month."""
    names = (f"region_allows_{form}", f"region_allows_{form}s")
    given = next((row[name] for name in names if row.get(name) is not None), None)
    if given is not None:
        return bool(given)
    region, month = (row.get(name) or options[name] for name in ("region", "month"))
    packs: Path = options["packs"]
    return parameters_in_force(packs, region, month, options["as_of"]).work_injury_alone(form)


def _parameters(options: Mapping[str, Any]) -> ParameterSet:
    """Return the parameters of the month asked, else of the first contribution month."""
    hired_on = options["hire_date"]
    month = options["month"] or options["start_month"] or (hired_on and month_of(hired_on))
    return parameters_in_force(options["packs"], options["region"], month, options["as_of"])
