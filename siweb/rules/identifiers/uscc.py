"""The unified social credit code (统一社会信用代码) that identifies an employer.

GB 32100-2015: authority, kind, region, the organisation code of GB 11714 with a check of its own,
and a check character over all.
"""

from __future__ import annotations

from dataclasses import dataclass

from siweb.rules.errors import NumberRefused
from siweb.rules.explanation import Explained, Step
from siweb.rules.identifiers.typed_text import (
    NUMBER_LENGTH,
    normalise_number,
    was_turned_into_a_number,
)
from siweb.rules.numbers.quantity import count, word

# GB 32100-2015: 31 signs, without I, O, S, V and Z. A sign's place here is its value.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# GB 32100-2015, table 1: who registered the unit (9 market regulator, 5 civil affairs, 1
# establishment office, N agriculture, A military, Y others ...).
AUTHORITIES = "123456789ANY"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_VALUES = {char: value for value, char in enumerate(ALPHABET)}
# GB 11714 counts all letters, so that its values differ from those of GB 32100 after H.
_ORG_VALUES = {char: int(char, 36) for char in ALPHABET}


class UsccRefused(NumberRefused):
    """When a social credit code is wrong.

    Reasons: length, characters, authority, excel_mangled, checksum, org_code.
    Parts: number, authority, org_code, check.
    """


@dataclass(frozen=True, slots=True)
class Uscc:
    """A valid code and its parts."""

    number: str

    @property
    def authority(self) -> str:
        """Who registered the unit, one of `AUTHORITIES`."""
        return self.number[0]

    @property
    def region_code(self) -> str:
        """GB/T 2260 code of the place of registration."""
        return self.number[2:8]

    @property
    def org_code(self) -> str:
        """The organisation code as it is written alone: eight characters, hyphen, check."""
        return f"{self.number[8:16]}-{self.number[16]}"


def parse_uscc(text: str) -> Uscc:
    """Return the code that was typed.

    :raises UsccRefused: with the reason and the part that is wrong.
    """
    number = normalise_number(text)
    if len(number) != NUMBER_LENGTH:
        mangled = was_turned_into_a_number(number)
        raise UsccRefused("excel_mangled" if mangled else "length", "number", number)
    if wrong := "".join(char for char in number if char not in ALPHABET):
        raise UsccRefused("characters", "number", wrong)
    if number[0] not in AUTHORITIES:
        raise UsccRefused("authority", "authority", number[0])
    # The check over all first: a slip within the organisation code breaks both, and only a number
    # that was right as a whole is told that its inner part is none.
    if number[17] != uscc_check_character(number[:17]):
        mangled = was_turned_into_a_number(number)
        raise UsccRefused("excel_mangled" if mangled else "checksum", "check", number[17])
    if number[16] != org_check_character(number[8:16]):
        raise UsccRefused("org_code", "org_code", number[8:17])
    return Uscc(number)


def explain_uscc(text: str) -> Explained[Uscc]:
    """Return what `parse_uscc` does, with the steps of both checks.

    :raises UsccRefused: with the reason and the part that is wrong.
    """
    found = parse_uscc(text)
    number = found.number
    organisation, whole = _organisation_sum(number[8:16]), _weighted_sum(number[:17])
    steps = (
        Step(
            "org_check_character",
            "check_of(-sum % 11)",
            {"sum": count(organisation)},
            word(number[16]),
            "GB 11714-1997",
        ),
        Step(
            "check_character",
            "check_of(-sum % 31)",
            {"sum": count(whole)},
            word(number[17]),
            "GB 32100-2015",
        ),
    )
    return Explained(found, steps)


def uscc_check_character(first_17: str) -> str:
    """Return the check character of the first 17 (ISO 7064 MOD 31-3, GB 32100-2015, 5.3)."""
    return ALPHABET[-_weighted_sum(first_17) % 31]


def org_check_character(first_8: str) -> str:
    """Return the check character of an organisation code's first eight (GB 11714-1997).

    :raises ValueError: when they are not eight.
    """
    return "0123456789X"[-_organisation_sum(first_8) % 11]


def _weighted_sum(first_17: str) -> int:
    return sum(_VALUES[char] * pow(3, place, 31) for place, char in enumerate(first_17))


def _organisation_sum(first_8: str) -> int:
    pairs = zip(first_8, _ORG_WEIGHTS, strict=True)
    return sum(_ORG_VALUES[char] * weight for char, weight in pairs)
