"""What the register says of who a person is, and why it is not corrected so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from siweb.db.sealing.columns import seal_text, unseal_text
from siweb.registry.codes import RetirementCategory, Sex
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal

FIELDS = ("name", "sex", "born_on", "number")


class IdentityRefused(Refusal):
    """When somebody's identity cannot be corrected so; `code` says why."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Name, sex, birth date and ID number."""

    name: str
    sex: Sex
    born_on: date
    number: str

    @classmethod
    def of(cls, person: Person) -> "Identity":
        """Return what the register says."""
        return cls(person.name, person.sex, person.born_on, person.id_number)

    def changed_in(self, other: "Identity") -> tuple[str, ...]:
        """Return what another identity says otherwise."""
        return tuple(name for name in FIELDS if getattr(self, name) != getattr(other, name))

    def as_dict(self) -> dict[str, str]:
        """Return the values without the number."""
        return {"name": self.name, "sex": self.sex.value, "born_on": self.born_on.isoformat()}

    def sealed(self) -> dict[str, str]:
        """Return the values as a task keeps them: nobody reads the number without the key."""
        return {**self.as_dict(), "number": seal_text(self.number)}

    @classmethod
    def from_sealed(cls, given: Mapping[str, Any]) -> "Identity":
        """Return what a task keeps."""
        born_on = date.fromisoformat(given["born_on"])
        return cls(given["name"], Sex(given["sex"]), born_on, unseal_text(given["number"]))

    def category(self, before: RetirementCategory) -> RetirementCategory:
        """Return whose retirement age holds: a woman's post is kept, and is else a worker's."""
        if self.sex is Sex.MALE:
            return RetirementCategory.MALE
        # Whether 50 or 55 follows from the post, which no number says. Who was a man until now
        # has none on record: a worker's age is the earlier one, so that nobody is told too late.
        return RetirementCategory.FEMALE_50 if before is RetirementCategory.MALE else before
