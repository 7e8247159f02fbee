"""What the office knows while somebody applies for a pension."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from siweb.pensions.eligibility import Eligibility, drawing_of, eligibility
from siweb.registry.tables.person import Person
from siweb.rules.parameters.pack_set import PackSet
from siweb.wizard.draft import Draft


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
