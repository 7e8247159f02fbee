"""What is wrong with a row of a file: where it stands, what it is, the facts of its sentence."""

from dataclasses import dataclass
from typing import Any

from siweb.rules.errors import Refusal


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: the row's number in the file, the column, a code of `labels.PROBLEMS`."""

    row: int
    column: str
    code: str
    facts: dict[str, Any]


class BringInRefused(Refusal):
    """When a file changes nothing: "bring_in_problems", or "bring_in_nothing" where all is here.

    "bring_in_gone", "bring_in_unreadable": it was good when it was handed in, and is not by now.
    """
