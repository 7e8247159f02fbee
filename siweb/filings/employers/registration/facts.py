"""What the office knows while an employer registers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.registry.employers.change import is_registered
from siweb.registry.tables.region import Region
from siweb.rules.calendar.deadlines import Deadline, compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet
from siweb.wizard.draft import Draft


@dataclass(slots=False)
class RegistrationFacts:
    """Facts of one registration as of `on`, read only when a page asks for them."""

    session: Session
    draft: Draft
    packs: PackSet
    on: date

    @cached_property
    def regions(self) -> list[Region]:
        """The cities that are hosted here."""
        found = select(Region).where(Region.is_hosted).order_by(Region.code)
        return list(self.session.scalars(found))

    def is_registered_already(self, uscc: str) -> bool:
        """Return whether an employer with this code is registered."""
        return is_registered(self.session, uscc)

    def deadline(self, region_code: str, established_on: date) -> Deadline:
        """Return the last day to register (SIL 57)."""
        period = self.packs.parameters(region_code, month_of(self.on)).period(
            "employer_registration"
        )
        return compute_deadline(established_on, period, self.packs.calendar(as_of=self.on))

    def review_deadline(self, region_code: str) -> Deadline:
        """Return the agency's last day to look at the registration (SIL 57)."""
        period = self.packs.parameters(region_code, month_of(self.on)).period("registration_review")
        return compute_deadline(self.on, period, self.packs.calendar(as_of=self.on))
