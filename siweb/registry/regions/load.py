"""The list of pooling areas: prefecture-level divisions, municipalities, province-run counties.

Codes are GB/T 2260. A region that is hosted here, or that stands in no list, is a row of the table.
"""

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from siweb.registry.tables.region import Region

LIST = Path(__file__).parent / "regions.csv"


@dataclass(frozen=True, slots=True)
class ListedRegion:
    """A region as lists and searches need it; `initials` are those of the pinyin's syllables."""

    code: str
    name_zh: str
    pinyin: str
    initials: str
    name_en: str
    province_zh: str
    province_en: str
    is_hosted: bool = False


@lru_cache(maxsize=1)
def read_regions() -> dict[str, ListedRegion]:
    """Return the list by code, read once."""
    with LIST.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    return {row["code"]: ListedRegion(**row) for row in rows}


def all_regions(session: Session) -> dict[str, ListedRegion]:
    """Return the list and the table together; what the table says goes before."""
    return read_regions() | {region.code: region for region in _rows(session)}


def find_region(session: Session, code: str) -> ListedRegion | None:
    """Return one region, or None if nobody knows the code."""
    return next(iter(_rows(session, code)), None) or read_regions().get(code)


def load_regions(session: Session, *, hosted: Iterable[str] = ()) -> int:
    """Add the listed regions that the table lacks, and host those named; return how many are new.

    Rows that are there already keep their names.

    :raises KeyError: if a code of `hosted` stands in neither list nor table.
    """
    present = {row.code for row in _rows(session)}
    new = [_as_row(region) for code, region in read_regions().items() if code not in present]
    if new:
        session.execute(insert(Region), new)
    for code in hosted:
        region = session.get(Region, code)
        if region is None:
            raise KeyError(code)
        region.is_hosted = True
    session.flush()
    return len(new)


def _rows(session: Session, code: str | None = None) -> list[ListedRegion]:
    names = [field.name for field in fields(ListedRegion) if field.name != "initials"]
    asked = select(*(getattr(Region, name) for name in names))
    if code is not None:
        asked = asked.where(Region.code == code)
    # Initials are no column: they only serve the search, and the list has them.
    listed = read_regions()
    return [
        ListedRegion(**row, initials=listed[row["code"]].initials if row["code"] in listed else "")
        for row in session.execute(asked).mappings()
    ]


def _as_row(region: ListedRegion) -> dict[str, object]:
    return {name: value for name, value in asdict(region).items() if name != "initials"}
