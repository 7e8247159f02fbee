"""Employers of one name: what tells them apart on a person's page."""

from collections import Counter
from collections.abc import Iterable

# As many as a payslip or a stamp shows: branches of one name differ in their last places.
_END = 6


def code_ends(employers: Iterable[tuple[int | None, str | None, str | None]]) -> dict[int, str]:
    """Return the end of the credit code of each employer that shares its name with another.

    Given key, name and credit code of each; nobody (a person who pays alone) has no key.
    """
    listed = {key: (name, code) for key, name, code in employers if key is not None and code}
    shared = Counter(name for name, _ in listed.values())
    return {key: code[-_END:] for key, (name, code) in listed.items() if shared[name] > 1}


def named_apart(name: str, code_end: str) -> str:
    """Return an employer's name as it stands on a paper, which has one column for both."""
    return f"{name} (…{code_end})" if code_end else name
