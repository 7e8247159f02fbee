"""What the office knows while somebody applies for a pension."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from siweb.pensions.eligibility import Eligibility, drawing_of, eligibility
from siweb.pensions.figures import find_stays
from siweb.pensions.place import is_unknown, place_of
from siweb.registry.tables.person import Person
from siweb.rules.calendar.deadlines import Period
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet
from siweb.wizard.draft import Draft

PERIOD = "pension_application"
"""The period of the packs in which an application is decided (OpReg 18)."""


def decision_period(packs: PackSet, region_code: str, on: date) -> Period:
    """Return how long the agency has for an application of a day."""
    return packs.parameters(region_code, month_of(on)).period(PERIOD)


@dataclass(slots=False)
class ApplicationFacts:
    """Facts of one application that is being written on a day, read when a page asks for them."""

    session: Session
    person: Person
    draft: Draft
    packs: PackSet
    on: date

    @cached_property
    def eligibility(self) -> Eligibility:
        """Whether the person may apply now."""
        drawing = drawing_of(self.session, self.person)
        return eligibility(self.person, drawing, self.packs, on=self.on)

    @property
    def decision_days(self) -> int:
        """Within how many working days it is decided (OpReg 18)."""
        return decision_period(self.packs, self.person.region_code, self.on).length

    @cached_property
    def asks_household(self) -> bool:
        """Whether it hangs on the household register which place pays."""
        stays = find_stays(self.session, self.person)
        pack = self.packs.parameters(self.person.region_code, month_of(self.on), as_of=self.on)
        return is_unknown(
            place_of(self.person.region_code, stays, None, pack.paying_place_months())
        )
