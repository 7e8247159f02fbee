"""What is found about a row: a code and its facts, said in words where people read it."""

from dataclasses import dataclass
from typing import Any

# An error refuses the row, a warning lets it pass, an info says what is made of it.
ERROR, WARNING, INFO = "error", "warning", "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a row: a code and its facts, never words."""

    code: str
    level: str
    facts: dict[str, Any]


def finding(code: str, level: str, **facts: Any) -> Finding:
    """Return a finding."""
    return Finding(code, level, facts)
