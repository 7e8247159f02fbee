"""What was looked at, how it stands, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """WATCH can wait for a quiet hour, ILL cannot."""

    WELL = "well"
    WATCH = "watch"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `what_to_do` is empty where nothing is to be done."""

    subject: str
    health: Health
    says: str
    what_to_do: str = ""


def well(subject: str, says: str) -> Finding:
    """Return that a thing is as it should be."""
    return Finding(subject, Health.WELL, says)


def watch(subject: str, says: str, what_to_do: str) -> Finding:
    """Return what can wait for a quiet hour."""
    return Finding(subject, Health.WATCH, says, what_to_do)


def ill(subject: str, says: str, what_to_do: str) -> Finding:
    """Return what cannot wait."""
    return Finding(subject, Health.ILL, says, what_to_do)
