"""What a task keeps of two registrations that are to be joined, and what is shown of it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.tables.account import Account
from siweb.collection.corrections.identity.identity import Identity
from siweb.collection.corrections.identity.shown import papers_issued_anew
from siweb.collection.corrections.merging.joined import Holding, Twice, holding_of
from siweb.collection.corrections.merging.merge import Joined, differences
from siweb.collection.corrections.merging.shown import (
    accounts_in_words,
    changes_of_differing,
    changes_of_joining,
    changes_of_twice,
)
from siweb.collection.corrections.shown import Change
from siweb.registry.tables.person import Person


@dataclass(frozen=True, slots=True)
class Plan:
    """The two keys, what each has, what is there twice, and the paper on a difference."""

    former_id: int
    person_id: int
    difference_paper: str
    differs: tuple[tuple[str, str, str], ...]
    former: Holding
    person: Holding
    has_account: bool
    joined: Joined

    def as_dict(self) -> dict[str, Any]:
        """Return the values as a task keeps them."""
        twice = [[*held[:2], list(map(list, held.payments))] for held in self.joined.twice]
        return asdict(self) | {"joined": {"twice": twice, "papers": list(self.joined.papers)}}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Plan":
        """Return what a task keeps."""
        joined = given["joined"]
        twice = tuple(
            Twice(month, insurance, tuple(map(tuple, payments)))
            for month, insurance, payments in joined["twice"]
        )
        return cls(
            given["former_id"],
            given["person_id"],
            given["difference_paper"],
            tuple(map(tuple, given["differs"])),
            _holding(given["former"]),
            _holding(given["person"]),
            given["has_account"],
            Joined(twice, tuple(joined["papers"])),
        )


def plan_of(
    session: Session, former: Person, person: Person, difference_paper: str, joined: Joined
) -> Plan:
    """Return the plan of two registrations as they stand."""
    account = select(Account.id).where(Account.person_id == former.id)
    says, other = Identity.of(former).as_dict(), Identity.of(person).as_dict()
    return Plan(
        former.id,
        person.id,
        difference_paper,
        tuple((name, says[name], other[name]) for name in differences(former, person)),
        holding_of(session, former.id),
        holding_of(session, person.id),
        session.scalar(account) is not None,
        joined,
    )


def lines_of(session: Session, plan: Plan) -> Iterator[Change]:
    """Yield every line of what joining changes."""
    yield from changes_of_differing(plan.differs)
    yield from changes_of_joining(plan.former, plan.person)
    yield from accounts_in_words(plan.has_account)
    yield from changes_of_twice(session, plan.joined.twice)
    yield from papers_issued_anew(list(plan.joined.papers))


def _holding(given: Mapping[str, Any]) -> Holding:
    return Holding(**{**given, "open_insurances": tuple(given["open_insurances"])})
