"""What the office knows while somebody begins to insure themselves."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.own_accounts.own_account import has_own_account
from siweb.flexible.eligibility import Insured, insured_now, offered
from siweb.registry.codes import Scheme
from siweb.registry.regions.hosted import hosted_regions
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.load import is_shipped
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.wizard.answers import read_answers
from siweb.wizard.draft import Draft


@dataclass(slots=False)
class JoinFacts:
    """Facts of one beginning as of `on`, read only when a page asks for them."""

    session: Session
    person: Person
    draft: Draft
    packs: PackSet
    on: date
    # Whether the person named a bank account before.
    has_account: bool

    @property
    def from_month(self) -> str:
        """The first month: that of applying, not an earlier one."""
        return month_of(self.on)

    @cached_property
    def insured(self) -> list[Insured]:
        """What the person takes part in now."""
        return insured_now(self.session, self.person.id)

    @cached_property
    def regions(self) -> list[Region]:
        """The cities of this office in which there is something to begin."""
        return [
            region
            for region in hosted_regions(self.session)
            if offered(self.packs, region.code, self.insured, on=self.on)
        ]

    @cached_property
    def region_code(self) -> str:
        """The city that was chosen; before that the person's own, or the first there is."""
        codes = [region.code for region in self.regions]
        chosen = self._typed("city").get("region_code", [self.person.region_code])[0]
        return chosen if chosen in codes else codes[0]

    @cached_property
    def parameters(self) -> ParameterSet:
        """The figures of the city for the first month."""
        return self.packs.parameters(self.region_code, self.from_month, as_of=self.on)

    @cached_property
    def offered(self) -> tuple[str, ...]:
        """The insurances that may be begun in the city."""
        return offered(self.packs, self.region_code, self.insured, on=self.on)

    @cached_property
    def flexible_insurances(self) -> tuple[str, ...]:
        """The insurances that were chosen, all that are offered before that."""
        chosen = self._typed("insurances").get("insurances", [])
        return tuple(each for each in self.offered if each in chosen) or self.offered

    # Who begins again chooses anew: the limits are others by then.
    earlier_base_fen: ClassVar[int | None] = None

    @property
    def has_base(self) -> bool:
        """Whether the base of what is paid alone already counts for what is added."""
        return any(each.scheme is Scheme.FLEXIBLE for each in self.insured)

    @property
    def names_account(self) -> bool:
        """Whether the person names one here: sending it asks for the password."""
        return not self.has_account and bool(self._typed("bank").get("number", [""])[0].strip())

    @property
    def is_demonstration(self) -> bool:
        """Whether the city's figures are the shipped ones, which hold for no office."""
        return is_shipped(self.packs, self.region_code)

    def _typed(self, step: str) -> dict[str, list[str]]:
        return self._answers.get(step, {})

    @cached_property
    def _answers(self) -> dict[str, dict[str, list[str]]]:
        answers = read_answers(self.session, self.draft)
        return {step: answer.typed for step, answer in answers.items()}


def join_facts(
    session: Session, person_id: int, draft: Draft, *, packs: PackSet, on: date
) -> JoinFacts:
    """Return the facts of somebody's beginning; one statement, which asks for their account too."""
    # Each step looks whether there is one: asked apart, it would be a statement more on each page.
    asked = select(Person, has_own_account(person_id)).where(Person.id == person_id)
    person, has_account = session.execute(asked).one()
    return JoinFacts(session, person, draft, packs, on, has_account)
