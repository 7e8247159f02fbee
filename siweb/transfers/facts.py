"""What the office knows while somebody applies for a transfer."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from siweb.registry.tables.person import Person
from siweb.transfers.eligibility import Eligibility, eligibility
from siweb.wizard.draft import Draft


@dataclass(slots=False)
class TransferFacts:
    """Facts of one application that is being written on a day, read when a page asks for them."""

    session: Session
    person: Person
    draft: Draft
    on: date

    @cached_property
    def eligibility(self) -> Eligibility:
        """Which transfers the person may apply for now."""
        return eligibility(self.session, self.person)
