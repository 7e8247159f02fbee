"""What was looked at, how it stands, and what to do: a sentence with its facts, in any language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for it
    """Return the sentence; it is translated where it is shown."""
    return sentence


class Health(StrEnum):
    """WATCH can wait for a quiet hour, ILL cannot."""

    WELL = "well"
    WATCH = "watch"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `what_to_do` is empty where nothing is to be done.

    `fault` is what was declared of it, None of what is well.
    """

    subject: str
    health: Health
    says: str
    what_to_do: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    fault: "Fault | None" = None

    def in_words(self, translate: Callable[[str], str] = N_) -> tuple[str, str, str]:
        """Return subject, sentence and advice, in English unless they are translated."""
        subject, says, advice = (
            translate(text) % self.facts if text else ""
            for text in (self.subject, self.says, self.what_to_do)
        )
        return subject, says, advice


@dataclass(frozen=True, slots=True)
class Fault:
    """What may be wrong with an office, as the doctor names it wherever it is found."""

    subject: str
    health: Health
    says: str
    what_to_do: str

    def found(self, subject: str = "", **facts: Any) -> Finding:
        """Return that it is so; of several things that are alike `subject` names the one."""
        named = subject or self.subject
        return Finding(named, self.health, self.says, self.what_to_do, facts, self)


# All that the doctor claims to see, for the tests that make each of them once: a fault that nobody
# ever made may never be named when it comes.
FAULTS: list[Fault] = []


def well(subject: str, says: str, **facts: Any) -> Finding:
    """Return that a thing is as it should be."""
    return Finding(subject, Health.WELL, says, facts=facts)


def watch(subject: str, says: str, what_to_do: str) -> Fault:
    """Declare what can wait for a quiet hour."""
    return _declared(Fault(subject, Health.WATCH, says, what_to_do))


def ill(subject: str, says: str, what_to_do: str) -> Fault:
    """Declare what cannot wait."""
    return _declared(Fault(subject, Health.ILL, says, what_to_do))


def _declared(fault: Fault) -> Fault:
    FAULTS.append(fault)
    return fault
