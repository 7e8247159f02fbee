"""A sentence for each refusal of the rules, for a person at a terminal."""

from __future__ import annotations

import click

from siweb.rules.errors import RuleError
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.numbers.rates import percent_from_ppm

_SENTENCES = {
    "principal_negative": "The principal is below zero.",
    "amount_negative": "An amount is below zero.",
    "months_negative": "A number of months is below zero.",
    "days_negative": "A number of days is below zero.",
    "period_months": "The period must be at least one month.",
    "day_range": "The period ends after the year 9999.",
    "month_range": "The month lies outside the years 1 to 9999.",
    "deposit_month": "A deposit's month must be from 1 to {through}, not {month}.",
    "through_month": "The last month must be from 1 to 12, not {month}.",
    "yearly_through_month": "The yearly method is for whole years only, not through month {month}.",
    "age_range": "The months table has no row for the age of {age} months.",
    "region_unknown": "There is no pack for region {region}.",
    "parameter_missing": "Region {region} has no {key} for {month}.",
    "injury_tier": "Class {injury_class} of work injury has no tier of {percent} %: the agency sets"
    " it (SIL 34).",
    "injury_class": "There is no class {injury_class} of work injury.",
    "overpaid": "The payments are {overpaid} yuan more than the principal.",
    "no_last_month": "There is no last month to go by, so that a person must decide.",
}


def sentence_of_usage(error: click.UsageError) -> str:
    """Return what click found wrong, with the option by its first name only."""
    if isinstance(error, click.BadParameter) and error.param and error.param.opts:
        return f"{error.param.opts[0]}: {error.message}"
    return error.format_message()


def _as_people_write(error: RuleError) -> dict[str, object]:
    """Return the facts, with a tier in percent and an amount in yuan."""
    facts = dict(error.facts)
    tier, overpaid = facts.get("injury_tier"), facts.get("overpaid")
    if isinstance(tier, int):
        facts["percent"] = percent_from_ppm(tier)
    if isinstance(overpaid, int):
        facts["overpaid"] = yuan_from_fen(overpaid)
    return facts


def sentence_for(error: RuleError) -> str:
    """Return the sentence for a refusal; one without its own shows its code and facts."""
    if error.code in _SENTENCES:
        return _SENTENCES[error.code].format(**_as_people_write(error))
    facts = ", ".join(f"{name} {value}" for name, value in error.facts.items())
    return f"Refused ({error.code}): {facts}."
