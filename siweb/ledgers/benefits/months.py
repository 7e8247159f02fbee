"""A person's benefits as their page shows them: what goes on, and each month's amounts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from siweb.ledgers.tables.benefit_entry import PAYS, BenefitEntry, BenefitEntryKind
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitKind

PAGE = 24
"""Months of a page."""


@dataclass(slots=True)
class BenefitMonth:
    """One month of a benefit with its amounts."""

    month: str
    benefit: BenefitKind
    entries: list[BenefitEntry] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        """Whether it was held back and nothing pays it yet."""
        kinds = {each.kind for each in self.entries}
        return BenefitEntryKind.HELD in kinds and not kinds & set(PAYS)

    @property
    def shown(self) -> list[BenefitEntry]:
        """What is said of the month: of one that was held back and is paid, its payment."""
        # Held and then paid it is one month that was paid; both entries stay in the books.
        if self.is_held:
            return self.entries
        return [each for each in self.entries if each.kind is not BenefitEntryKind.HELD]


def benefits_of(session: Session, person_id: int) -> list[Benefit]:
    """Return a person's benefits, those that ended too."""
    return list(
        session.scalars(
            select(Benefit)
            .where(is_of(Benefit.person_id, person_id))
            .order_by(Benefit.from_month, Benefit.id)
        )
    )


def benefit_months(
    session: Session,
    person_id: int,
    kinds: Iterable[BenefitKind] = BenefitKind,
    *,
    page: int = 1,
) -> tuple[list[BenefitMonth], bool]:
    """Return a page of a person's months, the newest first, and whether more follow."""
    is_shown = BenefitEntry.benefit.in_(sorted(kinds))
    of_person = and_(is_of(BenefitEntry.person_id, person_id), is_shown)
    months = (
        select(BenefitEntry.month)
        .where(of_person)
        .group_by(BenefitEntry.month)
        .order_by(BenefitEntry.month.desc())
        # Pages are of months, not of entries: a month is never cut in two.
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
        .subquery("shown")
    )
    entries = session.scalars(
        select(BenefitEntry)
        .join(months, months.c.month == BenefitEntry.month)
        .where(of_person)
        .order_by(
            BenefitEntry.month.desc(),
            BenefitEntry.benefit,
            BenefitEntry.recorded_at,
            BenefitEntry.sequence,
        )
    )
    found: dict[tuple[str, BenefitKind], BenefitMonth] = {}
    for entry in entries:
        key = (entry.month, entry.benefit)
        found.setdefault(key, BenefitMonth(*key)).entries.append(entry)
    in_order = list(found.values())
    listed = list(dict.fromkeys(each.month for each in in_order))
    shown = set(listed[:PAGE])
    return [each for each in in_order if each.month in shown], len(listed) > PAGE
