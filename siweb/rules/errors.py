"""Refusals: a stable code and the facts, never words.

The page, the command or the receipt turns them into a sentence in the reader's language.
"""

from __future__ import annotations


class Refusal(ValueError):
    """When the office does not do what was asked: the base of every refusal, in every room.

    `code` is stable and fit for a log; `facts` are for the sentence and may be personal. The words
    are found where it is shown, in the reader's language.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class RuleError(Refusal):
    """When a rule cannot be applied to the values it was given."""


class NumberRefused(RuleError):
    """When an identity number or a social credit code cannot be accepted.

    `reason` says why, `part` names the part of the number that is wrong, `wrong` is its text.
    """

    def __init__(self, reason: str, part: str, wrong: str) -> None:
        super().__init__(reason, part=part, wrong=wrong)
        self.reason = reason
        self.part = part
        self.wrong = wrong
