"""All packs together: what held for a region in a month, as it was known on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from siweb.rules.calendar.working_days import WorkingCalendar
from siweb.rules.errors import RuleError
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.read import NATIONAL, Pack
from siweb.rules.parameters.row import Row, Series


class RegionUnknown(RuleError):
    """When there is no pack for a region."""

    def __init__(self, region: str) -> None:
        super().__init__("region_unknown", region=region)


class _Dated(NamedTuple):
    effective_from: str
    published_on: date
    row: Row


class PackSet:
    """The national pack and the regions' packs; a region's series goes before the nation's."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self.packs = {pack.region: pack for pack in packs}
        # The latest period first, and of its notices the latest: what fits first is what counts.
        self._series: dict[tuple[str, str, Series], list[_Dated]] = defaultdict(list)
        for pack in self.packs.values():
            for row in pack.rows:
                dated = _Dated(row.source.effective_from, row.source.published_on, row)
                self._series[pack.region, row.table, row.series].append(dated)
        for rows in self._series.values():
            rows.sort(key=itemgetter(0, 1), reverse=True)
        self._sets: dict[tuple[str, str, date | None], ParameterSet] = {}

    @property
    def regions(self) -> tuple[str, ...]:
        """Return the codes of the regions that have a pack, in order."""
        return tuple(sorted(region for region in self.packs if region != NATIONAL))

    def parameters(self, region: str, month: str, *, as_of: date | None = None) -> ParameterSet:
        """Return what holds in a region for a contribution month.

        With `as_of`, only what was published by that day counts, so that a month is computed again
        as it was known then; without, all that is known.

        :raises RegionUnknown: when there is no pack for the region.
        """
        if region not in self.packs:
            raise RegionUnknown(region)
        key = (region, month, as_of)
        if key not in self._sets:
            self._sets[key] = ParameterSet(self, region, month, as_of)
        return self._sets[key]

    def find(
        self, region: str, table: str, series: Series, month: str, as_of: date | None
    ) -> Row | None:
        """Return the row in force, the region's before the nation's, or None."""
        row = self.latest(region, table, series, month, as_of)
        last = None if row is None else row.source.effective_to
        return row if last is None or month <= last else None

    def latest(
        self, region: str, table: str, series: Series, month: str, as_of: date | None
    ) -> Row | None:
        """Return the last row that had begun by the month, even if its own end has passed.

        The region's goes before the nation's: an ended notice of the region is not answered with
        the nation's row, since the region has a rule of its own.
        """
        for owner in (region, NATIONAL):
            for effective_from, published_on, row in self._series.get((owner, table, series), ()):
                if effective_from <= month and (as_of is None or published_on <= as_of):
                    return row
        return None

    def series_of(self, region: str, table: str) -> tuple[Series, ...]:
        """Return the series that a table has for a region, its own and the nation's."""
        return tuple(
            sorted(
                {
                    series
                    for owner, name, series in self._series
                    if name == table and owner in {region, NATIONAL}
                }
            )
        )

    def rows(self, region: str) -> tuple[Row, ...]:
        """Return a region's own rows."""
        return self.packs[region].rows

    def calendar(self, *, as_of: date | None = None) -> WorkingCalendar:
        """Return the working days of all years whose arrangement was published."""
        years: set[int] = set()
        holidays: set[date] = set()
        working: set[date] = set()
        for (_series,) in self.series_of(NATIONAL, "calendar"):
            # Each year is a series of its own that never ends; asked for the last month there is,
            # every one has begun, next year's too.
            row = self.find(NATIONAL, "calendar", (_series,), "9999-12", as_of)
            if row is not None:
                years.add(int(_series))
                holidays |= row.values["holidays"]
                working |= row.values["working_weekends"]
        return WorkingCalendar(frozenset(years), frozenset(holidays), frozenset(working))
