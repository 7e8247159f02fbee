"""A column of a file that is brought in: the one description that reading and the manual go by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from siweb.bring_in.cells import Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its name, which is its heading; files may have the Chinese one instead."""

    name: str
    heading: str
    # For docs/bring-in.md: what it holds, in a line.
    holds: str
    read: Read
    is_needed: bool = False
    # Amounts, of which the file's total can be held to what the old system says.
    is_sum: bool = False
    # A day or month of somebody's life: never before their birth.
    is_when: bool = False
    # What was posted, paid or stopped for somebody may follow their death by months; what they did
    # themselves does not.
    may_follow_death: bool = False
    # Codes with their further words, where it takes nothing else.
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
