"""Close years of the ledgers: the months of one that nobody levies any more become one part."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.ledgers.month_tables.parts import is_split, parts_of
from siweb.ledgers.month_tables.years import prove_referring, roll_year
from siweb.ledgers.tables.contribution_record import RECORDS
from siweb.registry.tables.region import Region

_HUNDRED = 100


def close_years(session: Session, *, on: date) -> Iterator[tuple[str, int]]:
    """Roll up the years before last year; yield region and year of each, which the caller commits.

    Each is long, and whole: killed at any time, the next day goes on.
    """
    if not is_split(session.connection(), RECORDS):
        return
    hosted = select(Region.code).where(Region.is_hosted).order_by(Region.code)
    for region in session.scalars(hosted).all():
        found = parts_of(session.connection(), RECORDS, int(region))
        years = {part.first // _HUNDRED for part in found if part.is_month}
        # Last year stays by month:
        # notices come up to a year late, and its months are adjusted then.
        for year in sorted(year for year in years if year < on.year - 1):
            if roll_year(session.connection(), RECORDS, int(region), year):
                yield region, year
    # By itself at the end, and each day: what a kill left unproved is proved the next night.
    prove_referring(session.connection(), RECORDS)
