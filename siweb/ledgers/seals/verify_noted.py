"""Hold the roots to what the activity log noted of them when they were made.

Whoever changes a row may take its seals away, or make them anew over what it says now. The log has
the root of each region at each closing, under a chain of its own whose head leaves the machine.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.ledgers.seals.seal import SEALED
from siweb.ledgers.tables.day_root import DayRoot, FormerHead


def other_roots(session: Session) -> Iterator[str]:
    """Yield every noted root that is not there, and every region's last root if not noted."""
    noted = _noted(session)
    roots: dict[str, dict[str, date]] = {}
    rows = session.execute(
        select(DayRoot.region_code, DayRoot.root, DayRoot.sealed_on).order_by(
            DayRoot.region_code, DayRoot.number
        )
    )
    for region, root, sealed_on in rows:
        roots.setdefault(region, {})[root] = sealed_on
    for region in sorted({*noted, *roots}):
        of_region, of_log = roots.get(region, {}), noted.get(region, {})
        for root, day in of_log.items():
            if root not in of_region:
                yield (
                    f"region {region}: the root of {day} is not there as the activity log noted it"
                )
        # Only the last: the ones before are held by the chain that leads to it.
        if of_region and (last := list(of_region)[-1]) not in of_log:
            yield f"region {region}: the root of {of_region[last]} is not noted in the activity log"


def _noted(session: Session) -> dict[str, dict[str, date]]:
    """Return the roots that were noted of each region, with their days, in their order."""
    noted: dict[str, dict[str, date]] = {}
    former = set(session.scalars(select(FormerHead.book)))
    rows = session.execute(
        select(Activity.subject_id, Activity.facts)
        .where(Activity.subject_kind == "books", Activity.action == SEALED)
        .order_by(Activity.id)
    )
    for day, roots in rows:
        for region, root in roots.items():
            # Before the roots began a line had the heads of books.
            if region not in former:
                noted.setdefault(region, {})[root] = date.fromisoformat(day)
    return noted
