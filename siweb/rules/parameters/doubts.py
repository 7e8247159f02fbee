"""What looks wrong in a pack although it can be read: a person compares it with the notice.

Figures are copied by hand from notices, and a slip of one digit is a levy of a whole city. Nothing
is corrected here. Where a notice really departs from the usual, the row says so in its `note`, and
the doubts about its size and rhythm are answered.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from siweb.rules.calendar.months import first_day, months_between
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.numbers.rates import percent_from_ppm
from siweb.rules.parameters.row import Problem, Row, Sentence, Series
from siweb.rules.parameters.tables import TABLES

# In fen: cities round floor and ceiling to whole yuan, so that less says nothing.
_YUAN = 100
# 国办发〔2019〕13号: 300 % of the average wage, and 60 %, to which some cities rise in steps.
_CEILING_TIMES = 3
_FLOOR_PERCENT = range(40, 61)
# Average wages rose by far less in any year since 2022; a floor on its way to 60 % may jump, and
# its row says so in a note.
_JUMP_PERCENT = 20
# A notice comes at most a year before or after; farther away it is another year's.
_MOST_DAYS_FROM_START = 400
_MONTHS_OF_A_YEAR = 12
# 国发〔1998〕44号 says about 6 %; cities take 5 to 10, some with maternity in it.
_MEDICAL_PPM = range(40_000, 120_001)
# The law's 3 % before the cuts since 2015 (失业保险条例 Art. 6).
_MOST_UNEMPLOYMENT_PPM = 30_000
_JUMPING = {
    "limits": ("base_floor", "base_ceiling", "average_wage"),
    "pension_wage": ("average_wage",),
    "minimum_wage": ("month",),
}
# Laws are known years ahead and interest is published in the next year: neither is a slip.
_PUBLISHED_NEAR_START = ("limits", "rates", "additions", "injury_rates", *_JUMPING)
_NUMBER_OF_NOTICE = re.compile(r"[〔\[［（(]((?:19|20)\d\d)[〕\]］）)]")
_PLACEHOLDER = re.compile(
    r"placeholder|to ?do\b|\btbd\b|xxx|示范数据|示例|占位|待填|待补|待定", re.IGNORECASE
)


def doubts_about(file: str, rows: Iterable[Row], today: date) -> list[Problem]:
    """Return everything that looks wrong in the rows of one pack."""
    series: dict[tuple[str, Series], list[Row]] = defaultdict(list)
    doubts: list[Problem] = []
    for row in rows:
        series[row.table, row.series].append(row)
        doubts += (_doubt(file, row, what) for what in _about_row(row, today))
    for same in series.values():
        ordered = sorted(same, key=lambda row: (row.effective_from, row.published_on))
        for earlier, later in itertools.pairwise(ordered):
            doubts += (_doubt(file, later, what) for what in _about_step(earlier, later))
    return doubts


def _doubt(file: str, row: Row, what: Sentence) -> Problem:
    return Problem(file, row.table, " ".join((*row.series, row.effective_from)), what)


def _about_row(row: Row, today: date) -> Iterator[Sentence]:
    yield from _about_notice(row, today)
    if row.table == "limits":
        yield from _about_limits(row)
    elif row.table == "rates" and row.series[0] == "employee":
        yield from _about_rates(row)


def _about_notice(row: Row, today: date) -> Iterator[Sentence]:
    source = row.source
    if _PLACEHOLDER.search(source.notice):
        yield Sentence("the notice %(notice)s is a placeholder", notice=repr(source.notice))
    for year in _NUMBER_OF_NOTICE.findall(source.notice):
        if source.published_on.year < int(year):
            yield Sentence(
                "published on %(day)s, before the year of its number (%(year)s)",
                day=source.published_on,
                year=year,
            )
    if source.published_on > today:
        yield Sentence("published on %(day)s, a day that has not come", day=source.published_on)
    away = abs((source.published_on - first_day(row.effective_from)).days)
    if row.table in _PUBLISHED_NEAR_START and away > _MOST_DAYS_FROM_START:
        yield Sentence(
            "published on %(day)s, %(away)s days from %(first)s",
            day=source.published_on,
            away=away,
            first=row.effective_from,
        )


def _about_limits(row: Row) -> Iterator[Sentence]:
    wage = row.values.get("average_wage")
    if not wage:
        return
    floor, ceiling = row.values["base_floor"], row.values["base_ceiling"]
    # Both ends are rounded to the yuan, so that less than one yuan of difference is no doubt.
    if abs(ceiling - wage * _CEILING_TIMES) >= _YUAN and not _is_fixed(row):
        thrice = yuan_from_fen(wage * _CEILING_TIMES)
        yield Sentence(
            "base_ceiling %(ceiling)s is not 3 x average_wage (%(thrice)s)",
            ceiling=yuan_from_fen(ceiling),
            thrice=thrice,
        )
    # In hundredths of a fen, all three: dividing the wage would put the edge a fen off.
    least, most = (wage * percent for percent in (_FLOOR_PERCENT[0], _FLOOR_PERCENT[-1]))
    if not row.note and not least - _YUAN * 100 < floor * 100 < most + _YUAN * 100:
        yield Sentence(
            "base_floor %(floor)s is not 40 to 60 %% of average_wage", floor=yuan_from_fen(floor)
        )


def _is_fixed(row: Row) -> bool:
    """Tell whether everybody has the same base, so that it follows no average times three."""
    return bool(row.values["base_floor"] == row.values["base_ceiling"])


def _about_rates(row: Row) -> Iterator[Sentence]:
    employer, both = row.values["employer"], row.values["employer"] + row.values["employee"]
    if row.series[1] == "medical" and employer not in _MEDICAL_PPM:
        yield Sentence("employer %(rate)s %% is not 4 to 12 %%", rate=percent_from_ppm(employer))
    if row.series[1] == "unemployment" and both > _MOST_UNEMPLOYMENT_PPM:
        yield Sentence("both sides pay %(rate)s %%, more than 3 %%", rate=percent_from_ppm(both))


def _about_step(earlier: Row, later: Row) -> Iterator[Sentence]:
    """Yield what looks wrong between a row and the next one of its series."""
    if later.note:
        return
    for key in _JUMPING.get(later.table, ()):
        before, now = earlier.values.get(key), later.values.get(key)
        if before and now and abs(now - before) * 100 > before * _JUMP_PERCENT:
            yield Sentence(
                "%(key)s jumps from %(before)s to %(now)s, more than %(percent)s %%",
                key=key,
                before=yuan_from_fen(before),
                now=yuan_from_fen(now),
                percent=_JUMP_PERCENT,
            )
    months = months_between(earlier.effective_from, later.effective_from)
    if TABLES[later.table].year is not None and months > _MONTHS_OF_A_YEAR:
        yield Sentence(
            "no row for the %(gap)s months since %(first)s",
            gap=months,
            first=earlier.effective_from,
        )
