"""What a correction of a record is given, and why it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from siweb.collection.tables.record_correction import CorrectionKind
from siweb.registry.codes import Insurance
from siweb.rules.errors import Refusal


class CorrectionRefused(Refusal):
    """When a record cannot be corrected so; `code` says why."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Months of one person, first to last, and what is right of them.

    Without an employer the person pays alone. `insurances` are those that are put in, taken out or
    moved; a base is one of all insurances. What the payer did not register or declare is owed
    since the month's own due day, with late fees (SIL 86); the office's own mistake is due on
    `due_on`.
    """

    kind: CorrectionKind
    person_id: int
    region_code: str
    first_month: str
    last_month: str
    insurances: tuple[Insurance, ...]
    employer_id: int | None
    to_employer_id: int | None
    declared_base_fen: int | None
    due_on: date
    is_offices_mistake: bool

    @property
    def months(self) -> tuple[str, str]:
        """Return the first and the last month."""
        return self.first_month, self.last_month

    @property
    def payer_id(self) -> int | None:
        """Return who pays afterwards."""
        return self.to_employer_id if self.kind is CorrectionKind.EMPLOYER else self.employer_id

    def as_dict(self) -> dict[str, Any]:
        """Return the values as a task keeps them."""
        return {
            "kind": self.kind.value,
            "person_id": self.person_id,
            "region_code": self.region_code,
            "first_month": self.first_month,
            "last_month": self.last_month,
            "insurances": [insurance.value for insurance in self.insurances],
            "employer_id": self.employer_id,
            "to_employer_id": self.to_employer_id,
            "declared_base_fen": self.declared_base_fen,
            "due_on": self.due_on.isoformat(),
            "is_offices_mistake": self.is_offices_mistake,
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Correction":
        """Return what a task keeps."""
        return cls(
            CorrectionKind(given["kind"]),
            given["person_id"],
            given["region_code"],
            given["first_month"],
            given["last_month"],
            tuple(Insurance(name) for name in given["insurances"]),
            given["employer_id"],
            given["to_employer_id"],
            given["declared_base_fen"],
            date.fromisoformat(given["due_on"]),
            given["is_offices_mistake"],
        )
