"""siweb calc adjustment: the difference that new limits make to months charged already (补差)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import DAY, MONTH, PERCENT, SIDES, YUAN
from siweb.cli.calc.options.structured import AMOUNTS, RECORDED
from siweb.rules.contributions.adjustment import differences, months_reached
from siweb.rules.contributions.premium import base_used, premium_share
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.numbers.money import LARGEST_FEN, yuan_from_fen

_INSURANCES = ("pension", "medical", "unemployment", "injury", "maternity")
Sides = tuple[int, int]


@click.command("adjustment", cls=CalcCommand)
@click.option("--wage", type=YUAN, help="Declared wage or chosen base, yuan.")
@click.option("--effective-from", type=MONTH, help="First month of the new limits.")
@click.option("--published-on", type=DAY, help="Day of the notice; it changes no amount.")
@click.option("--old-floor", type=YUAN, help="Floor that was charged by, yuan.")
@click.option("--old-ceiling", type=YUAN, help="Ceiling charged by, yuan.")
@click.option("--new-floor", type=YUAN, help="Floor of the notice, yuan.")
@click.option("--new-ceiling", type=YUAN, help="Ceiling of the notice, yuan.")
@click.option("--pension", type=SIDES, help="Percent, employer/employee, such as 16/8.")
@click.option("--medical", type=SIDES, help="Percent, employer/employee.")
@click.option("--unemployment", type=SIDES, help="Percent, employer/employee.")
@click.option("--injury", type=SIDES, help="Percent, employer/employee.")
@click.option("--maternity", type=SIDES, help="Percent, employer/employee.")
@click.option("--recorded", type=RECORDED, help="Recorded months, whoever recorded them.")
@click.option("--month", type=MONTH, help="With --floors-in-turn: the month they are for.")
@click.option("--floors-in-turn", type=AMOUNTS, help="Floors one notice after the other, yuan.")
@click.option("--ceilings-in-turn", type=AMOUNTS, help="Ceilings one notice after the other, yuan.")
@click.option("--employer-rate", type=PERCENT, help="Percent of the employer's side.")
@click.option("--employee-rate", type=PERCENT, help="Percent of the employee's side.")
@click.option("--rounding", type=one_of(Rounding), default=Rounding.HALF_UP_FEN)
def adjustment(**options: Any) -> Answer:
    """Work out what later limits add to recorded months, or give back."""
    require(wage=options["wage"])
    if options["floors_in_turn"] is not None or options["ceilings_in_turn"] is not None:
        return _in_turn(options)
    require(effective_from=options["effective_from"], recorded=options["recorded"])
    sides = [options[name] for name in _INSURANCES if options[name] is not None]
    if not sides:
        raise click.UsageError("Give at least one rate such as --pension 16/8.")
    old, new = _base_within("old", options), _base_within("new", options)
    rounding = Rounding(options["rounding"])
    months = months_reached(options["effective_from"], options["recorded"])
    per_month = {
        "employer": _change(old, new, [employer for employer, _ in sides], rounding),
        "employee": _change(old, new, [employee for _, employee in sides], rounding),
    }
    is_changed = any(per_month.values())
    figures = {
        "months": list(months) if is_changed else [],
        "per_month": _yuan(per_month),
        "total": _yuan({side: fen * len(months) for side, fen in per_month.items()}),
    }
    return Answer(figures)


def _base_within(which: str, options: Mapping[str, Any]) -> int:
    """Return the base by the old or the new limits; a limit is changed, not made up.

    :raises click.UsageError: when only one of an old and a new limit is given.
    """
    limits = []
    for name, without in (("floor", 0), ("ceiling", LARGEST_FEN)):
        pair = {f"{age}_{name}": options[f"{age}_{name}"] for age in ("old", "new")}
        if any(limit is not None for limit in pair.values()):
            require(**pair)
        limit = pair[f"{which}_{name}"]
        limits.append(without if limit is None else limit)
    return _base(options["wage"], *limits)


def _base(wage: int, floor: int, ceiling: int) -> int:
    if floor > ceiling:
        raise click.UsageError("The floor is above the ceiling.")
    base: int = base_used(wage, floor, ceiling)
    return base


def _in_turn(options: Mapping[str, Any]) -> Answer:
    """Return what each notice adds to all that was charged for one month before it."""
    floors, ceilings = options["floors_in_turn"], options["ceilings_in_turn"]
    turns = len(floors or ceilings)
    floors, ceilings = floors or [0] * turns, ceilings or [LARGEST_FEN] * turns
    if len(floors) != len(ceilings):
        raise click.UsageError("Give as many ceilings as floors.")
    bases = [_base(options["wage"], *pair) for pair in zip(floors, ceilings, strict=True)]
    rounding = Rounding(options["rounding"])
    found = {
        side: differences([premium_share(base, options[side], rounding) for base in bases])
        for side in ("employer_rate", "employee_rate")
        if options[side] is not None
    }
    if not found:
        raise click.UsageError("--employer-rate is missing.")
    by_side = {side.removesuffix("_rate"): _list(each) for side, each in found.items()}
    if len(by_side) == 1:
        return Answer({"differences": next(iter(by_side.values()))})
    return Answer({"differences": by_side})


def _change(old: int, new: int, rates: Sequence[int], rounding: Rounding) -> int:
    """Return the difference of two rounded amounts, insurance by insurance."""
    return sum(
        premium_share(new, rate, rounding) - premium_share(old, rate, rounding) for rate in rates
    )


def _list(found: Sequence[int]) -> list[str]:
    return [yuan_from_fen(fen) for fen in found]


def _yuan(found: Mapping[str, int]) -> dict[str, str]:
    return {side: yuan_from_fen(fen) for side, fen in found.items()}
