"""Which place pays a pension of somebody who contributed in several (待遇领取地).

国办发〔2009〕66号 Article 6; 人社部规〔2016〕5号 Article 1: a place is a province, and months that
count as contributed count where they were served.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """By which sentence of Article 6 a place pays."""

    # (1) The relation is where the household is registered.
    HOUSEHOLD = "household"
    # (2) Ten years were paid where the relation is.
    HERE = "here"
    # (3) Not there, but at the last place before with ten years: the relation goes back.
    EARLIER = "earlier"
    # (4) Nowhere: all of it is gathered where the household is registered.
    GATHERED = "gathered"
    # The household decides, and nobody has said yet where it is registered.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stay:
    """Months that count at a place, and the last of them ('YYYY-MM'; empty where none is known)."""

    place: str
    months: int
    last_month: str


@dataclass(frozen=True, slots=True)
class PayingPlace:
    """The place that pays, None while that is not known, and why it is this one."""

    place: str | None
    why: Why


def paying_place(
    relation: str, household: str | None, stays: Iterable[Stay], least_months: int
) -> PayingPlace:
    """Return the place that pays somebody whose relation is at one of several places."""
    months: Counter[str] = Counter()
    last: dict[str, str] = {}
    for stay in stays:
        months[stay.place] += stay.months
        last[stay.place] = max(stay.last_month, last.get(stay.place, ""))
    # With ten years here it is this place wherever the household is, so that nobody is asked.
    if months[relation] >= least_months:
        return PayingPlace(relation, Why.HERE)
    if household is None:
        return PayingPlace(None, Why.UNKNOWN)
    if household == relation:
        return PayingPlace(relation, Why.HOUSEHOLD)
    long_enough = [place for place, count in months.items() if count >= least_months]
    if long_enough:
        # The last one before, by its last month: not the one with the most months.
        return PayingPlace(max(long_enough, key=lambda place: last[place]), Why.EARLIER)
    return PayingPlace(household, Why.GATHERED)
