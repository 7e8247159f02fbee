"""A paper as a form takes it: what it is, its number, its day."""

from dataclasses import dataclass
from datetime import date

from siweb.evidence.tables.evidence_paper import PaperKind


@dataclass(frozen=True, slots=True)
class Paper:
    """The three things by which whoever checks finds the paper again."""

    kind: PaperKind
    number: str
    issued_on: date
    # Only of another paper than those of the list.
    called: str = ""

    def facts(self) -> dict[str, str]:
        """Return it as the activity log keeps it."""
        named = {"paper": self.kind.value, "number": self.number, "on": self.issued_on.isoformat()}
        return named | ({"called": self.called} if self.called else {})


# Commands, and forms that ask for reasons and for no paper, say in words what a deed rests on.
Because = Paper | str
