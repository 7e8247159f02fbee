"""siweb calc staleness, limits, rounding and injury-rate: about the figures themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer, one_or_list
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.choices import one_of
from siweb.cli.calc.options.inputs import (
    DAY,
    INJURY_CLASS,
    MONTH,
    MONTH_NUMBER,
    PERCENT,
    YUAN,
    read_injury_class,
    read_ratio,
)
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.cli.calc.options.structured import (
    MONTH_LIST,
    TEXT,
    Structured,
    as_list,
    read_at,
    rows_of,
    table_of,
    tuples_of,
)
from siweb.rules.benefits.pension import Ratio
from siweb.rules.contributions.limits import CEILING_SHARE, FLOOR_SHARE, limits_from_average
from siweb.rules.insurances import SCHEMES
from siweb.rules.numbers.arithmetic import Rounding, rounded_quotient, share_of
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.numbers.rates import percent_from_ppm
from siweb.rules.parameters.parameter_set import FULL_TIER, ParameterSet
from siweb.rules.parameters.staleness import (
    ended_rates,
    is_rate_published,
    stale_limits,
    stale_since,
    year_start,
)

_AMOUNTS = Structured(
    "yuan",
    "exact amounts in yuan such as 61.725",
    lambda value: tuple(map(read_ratio, as_list(value))),
)
_AGES = rows_of(
    {"payment_year_first_month": MONTH_NUMBER, "newest_effective_from": MONTH, "month": MONTH},
    needed=("payment_year_first_month", "month"),
)
_WAGES = tuples_of(TEXT, YUAN, PERCENT, least=2)
_PUBLISHED = table_of(
    tuples_of(MONTH, DAY, YUAN, YUAN), "a JSON object of lists of month, day, floor and ceiling"
)
_QUESTIONS = tuples_of(TEXT, MONTH, DAY)
_CLASSES_AND_TIERS = tuples_of(INJURY_CLASS, PERCENT)


def _tiers(value: Any) -> dict[int, tuple[int, ...]]:
    """Return the tiers in ppm by class, from an object by class or by a range such as 2-8."""
    found: dict[int, tuple[int, ...]] = {}
    for name, tiers in value.items():
        first, _, last = name.partition("-")
        classes = range(read_injury_class(first), read_injury_class(last or first) + 1)
        ppm = tuple(read_at(f"class {name}", PERCENT, tier) for tier in as_list(tiers))
        found |= dict.fromkeys(classes, ppm)
    return found


_TIERS = Structured("tiers", 'an object such as {"1": ["100", "120"], "2-8": ["80"]}', _tiers)


@click.command("staleness", cls=CalcCommand)
@click.option("--rows", type=_AGES, help="Several questions, named like the options below.")
@click.option(
    "--payment-year-first-month", type=MONTH_NUMBER, help="Month in which the year begins."
)
@click.option("--newest-effective-from", type=MONTH, help="First month of the newest row.")
@click.option("--notice", help="The notice that names its own end.")
@click.option("--effective-to", type=MONTH, help="Last month of a notice that names its own end.")
@click.option("--months", type=MONTH_LIST, help="Months that are asked about the notice.")
@click.option("--scheme", type=click.Choice(SCHEMES), default="employee", show_default=True)
@parameter_options
def staleness(**options: Any) -> Answer:
    """Say whether figures are only provisional for a month, and since when."""
    if options["rows"] is not None:
        return Answer({"answers": [_staleness_of_row(row) for row in options["rows"]]})
    if options["effective_to"] is not None or options["months"] is not None:
        asked = options["months"] or (options["month"],)
        require(months=asked[0])
        published_rates = [is_rate_published(options["effective_to"], month) for month in asked]
        return Answer({"national_rate_known": published_rates})
    if options["newest_effective_from"] is not None:
        require(payment_year_first_month=options["payment_year_first_month"])
        require(month=options["month"])
        return Answer(_staleness_of_row(options))
    return _staleness_of_region(_parameters(options), options["scheme"])


def _staleness_of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    newest, first_month = row.get("newest_effective_from"), row["payment_year_first_month"]
    if newest is None:
        # No row at all: nothing begins in the month's own payment year either.
        since: str | None = year_start(row["month"], first_month)
    else:
        since = stale_since(newest, first_month, row["month"])
    return {"stale": since is not None, "stale_since": since}


def _staleness_of_region(parameters: ParameterSet, scheme: str) -> Answer:
    stale = {each.source.key: each.since for each in stale_limits(parameters, scheme)}
    ended = {source.key: source.effective_to for source in ended_rates(parameters, scheme)}
    figures: dict[str, Any] = {
        "stale": bool(stale),
        "stale_since": min(stale.values(), default=None),
        "provisional": stale,
        "ended": ended,
    }
    return Answer(figures, warnings=("stale_limits",) if stale else ())


@click.command("limits", cls=CalcCommand)
@click.option("--items", type=_WAGES, help="Names and average wages, yuan.")
@click.option("--average-wage", type=YUAN, help="One average wage, yuan.")
@click.option("--floor-percent", type=PERCENT, default=FLOOR_SHARE, help="60 by default.")
@click.option("--ceiling-percent", type=PERCENT, default=CEILING_SHARE, help="300 by default.")
@click.option(
    "--published", type=_PUBLISHED, help="Rows of month, day of publication, floor, ceiling."
)
@click.option("--questions", type=_QUESTIONS, help="Questions to them: name, month, day.")
@click.option("--scheme", type=click.Choice(SCHEMES), default="employee", show_default=True)
@parameter_options
def limits(**options: Any) -> Answer:
    """Say floor and ceiling: from an average wage, or as they were known on a day."""
    shares = options["floor_percent"], options["ceiling_percent"]
    if options["items"] is not None:
        return Answer({"limits": [_of_item(item, shares) for item in options["items"]]})
    if options["average_wage"] is not None:
        floor, ceiling = _whole_yuan(limits_from_average(options["average_wage"], *shares))
        return Answer({"floor": floor, "ceiling": ceiling})
    if options["published"] is not None:
        require(questions=options["questions"])
        found = [
            _published_limits(options["published"], *question) for question in options["questions"]
        ]
        return Answer({"limits": found})
    return _limits_of_region(_parameters(options), options["scheme"])


def _of_item(item: Sequence[Any], shares: tuple[int, int]) -> list[str]:
    """Return floor and ceiling of [name, average wage] or [name, average wage, floor percent]."""
    _name, average_wage, *own_share = item
    floor_share = own_share[0] if own_share else shares[0]
    return _whole_yuan(limits_from_average(average_wage, floor_share, shares[1]))


def _published_limits(
    published: Mapping[str, Any], name: str, month: str, day: date
) -> list[str] | None:
    """Return the limits of the newest row that had begun by the month, of those published then."""
    if name not in published:
        raise click.UsageError(f"--questions: nothing is published for {name!r}.")
    begun = [row for row in published[name] if row[0] <= month and row[1] <= day]
    if not begun:
        return None
    return [yuan_from_fen(fen) for fen in max(begun, key=lambda row: row[:2])[2:]]


def _limits_of_region(parameters: ParameterSet, scheme: str) -> Answer:
    rows = {name: parameters.row("limits", scheme, name) for name in parameters.insurances(scheme)}
    if not rows:
        raise click.UsageError("Give --items, --average-wage, --published or a region.")
    since = {each.source.key: each.since for each in stale_limits(parameters, scheme)}
    figures: dict[str, Any] = {
        name: {
            "floor": yuan_from_fen(row.values["base_floor"]),
            "ceiling": yuan_from_fen(row.values["base_ceiling"]),
            "effective_from": row.effective_from,
            "published_on": row.published_on.isoformat(),
            "notice": row.source.notice,
            "confidence": row.source.confidence.value,
            "stale_since": since.get(row.source.key),
        }
        for name, row in rows.items()
    }
    return Answer({"limits": figures}, warnings=("stale_limits",) if since else ())


@click.command("rounding", cls=CalcCommand)
@click.option("--amounts", type=_AMOUNTS, help="Exact amounts in yuan.")
@click.option("--rounding", type=one_of(Rounding), help="One mode; all of them when left out.")
def rounding(amounts: Sequence[Ratio] | None, rounding: str | None) -> Answer:
    """Round amounts in the modes of practice; also the sum of rounded and the rounded sum."""
    require(amounts=amounts)
    assert amounts is not None
    modes = [Rounding(rounding)] if rounding else list(Rounding)
    # Added up as fractions: the sum is rounded once, at its end.
    whole = Ratio(0, 1)
    for amount in amounts:
        whole = Ratio(
            whole.numerator * amount.denominator + amount.numerator * whole.denominator,
            whole.denominator * amount.denominator,
        )
    each = [{mode.value: _rounded(amount, mode) for mode in modes} for amount in amounts]
    figures: dict[str, Any] = {
        "rounded": [{mode: yuan_from_fen(fen) for mode, fen in row.items()} for row in each],
        "sum_of_rounded": {
            mode.value: yuan_from_fen(sum(row[mode.value] for row in each)) for mode in modes
        },
        "rounded_sum": {mode.value: yuan_from_fen(_rounded(whole, mode)) for mode in modes},
    }
    return Answer(figures)


def _rounded(amount: Ratio, mode: Rounding) -> int:
    fen: int = rounded_quotient(amount.numerator * 100, amount.denominator, mode)
    return fen


@click.command("injury-rate", cls=CalcCommand)
@click.option(
    "--rows", type=_CLASSES_AND_TIERS, help="Several questions: class and tier in percent."
)
@click.option("--injury-class", type=INJURY_CLASS, help="1 to 8.")
@click.option("--injury-tier", type=PERCENT, default=FULL_TIER, help="Percent of the class's rate.")
@click.option("--tiers", type=_TIERS, help="Tiers of each class; the pack's when left out.")
@parameter_options
def injury_rate(**options: Any) -> Answer:
    """Say which tiers a class has and what an employer of it pays (人社部发〔2015〕71号)."""
    parameters = _parameters(options)
    rows = options["rows"]
    if rows is None:
        require(injury_class=options["injury_class"])
        asked = [(options["injury_class"], options["injury_tier"])]
    else:
        asked = list(rows)
    allowed = [
        tier in _tiers_of(injury_class, options["tiers"], parameters)
        for injury_class, tier in asked
    ]
    rates = parameters.row("injury_rates").values["rates"]
    paid = [
        percent_from_ppm(share_of(rates[injury_class - 1], tier)) if is_allowed else None
        for (injury_class, tier), is_allowed in zip(asked, allowed, strict=True)
    ]
    if rows is None:
        return Answer({"allowed": one_or_list(allowed), "rate": one_or_list(paid)})
    return Answer({"allowed": allowed, "rates": paid})


def _tiers_of(
    injury_class: int, given: Mapping[int, Sequence[int]] | None, parameters: ParameterSet
) -> Iterable[int]:
    """Return the tiers in ppm: those given for the class, or the pack's."""
    return parameters.injury_tiers(injury_class) if given is None else given.get(injury_class, ())


def _whole_yuan(found: tuple[int, int]) -> list[str]:
    return [str(fen // 100) for fen in found]


def _parameters(options: Mapping[str, Any]) -> ParameterSet:
    folder: Path = options["packs"]
    as_of: date | None = options["as_of"]
    return parameters_in_force(folder, options["region"], options["month"], as_of)
