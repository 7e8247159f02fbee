"""Close years of the ledgers: the months of one that nobody levies any more become one part."""

from datetime import date
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from siweb.ledgers.month_tables.parts import is_split, parts_of
from siweb.ledgers.month_tables.years import prove_referring, roll_year
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.tables.region import Region

_HUNDRED = 100


def close_years(session: Session, *, on: date) -> int:
    """Roll up the years before last year, region by region; return how many.

    Each is committed by itself: it is long, and whole. Killed at any time, the next day goes on.
    """
    connection, table = session.connection(), cast("Table", ContributionRecord.__table__)
    if not is_split(connection, table):
        return 0
    closed = 0
    for region in session.scalars(select(Region.code).where(Region.is_hosted)).all():
        found = parts_of(connection, table, int(region))
        years = {part.first // _HUNDRED for part in found if part.is_month}
        for year in sorted(year for year in years if year < on.year - 1):
            closed += bool(roll_year(session.connection(), table, int(region), year))
            session.commit()
    prove_referring(session.connection(), table)
    return closed
