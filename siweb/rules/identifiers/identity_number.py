"""The citizen identity number (公民身份号码), which is also the social security number.

GB 11643-1999; the same 18 places serve the residence permits of people from Hong Kong, Macao and
Taiwan (81, 82, 83) and, since 2023, the foreigner's permanent residence card (9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul

from siweb.rules.errors import NumberRefused
from siweb.rules.explanation import Explained, Step
from siweb.rules.identifiers.typed_text import (
    NUMBER_LENGTH,
    normalise_number,
    was_turned_into_a_number,
)
from siweb.rules.numbers.quantity import count, day, word

_RULE = "GB 11643-1999"
# Numbers given before October 1999, without century and check character; no longer valid.
_OLD_LENGTH = 15
# 2**(17 - place) modulo 11, as the standard's table gives them (ISO 7064 MOD 11-2).
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
# What nearly every number is; anything else is looked at character by character.
_PLAIN = re.compile(r"[0-9]{17}[0-9X]")
# GB/T 2260 first two digits, abolished ones included: they stay in the numbers given there.
_PROVINCES = frozenset(
    f"{province}"
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for province in range(first, last + 1)
)


class IdentityKind(StrEnum):
    """Which document the number belongs to."""

    RESIDENT = "resident"
    RESIDENCE_PERMIT = "residence_permit"
    PERMANENT_RESIDENCE = "permanent_residence"


class Sex(StrEnum):
    """Sex as the 17th digit tells it: odd is male."""

    MALE = "M"
    FEMALE = "F"


class IdentityNumberRefused(NumberRefused):
    """When an identity number is wrong.

    Reasons: length, characters, old_15, excel_mangled, date, checksum, future.
    Parts: number, birth, check.
    """


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A valid number and what it says; `warnings` may hold "unknown_region"."""

    number: str
    kind: IdentityKind
    birth_date: date
    sex: Sex
    warnings: tuple[str, ...] = ()

    @property
    def region_code(self) -> str:
        """The place of first registration; not the household's, and perhaps abolished."""
        return self.number[:6]


def parse_identity_number(text: str, *, on: date | None = None) -> IdentityNumber:
    """Return the number that was typed, with kind, birth date and sex.

    A birth after `on` is refused when `on` is given. An unknown region is accepted and flagged,
    since the number keeps the code of a place that may no longer exist (GB 11643-1999, 4.2.1).

    :raises IdentityNumberRefused: with the reason and the part that is wrong.
    """
    number = normalise_number(text)
    _refuse_wrong_form(number)
    # The date first: it names the digits that are wrong, the check character only that some are.
    birth_date = _parse_birth(number[6:14])
    if number[17] != check_character(number[:17]):
        reason = "excel_mangled" if was_turned_into_a_number(number) else "checksum"
        raise IdentityNumberRefused(reason, "check", number[17])
    # Without a day nothing is in the future: old records are matched by number alone.
    if on is not None and birth_date > on:
        raise IdentityNumberRefused("future", "birth", number[6:14])
    return IdentityNumber(
        number=number,
        kind=_kind_of(number),
        birth_date=birth_date,
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
        warnings=() if _province_of(number) in _PROVINCES else ("unknown_region",),
    )


def check_character(first_17: str) -> str:
    """Return the check character of the first 17 digits (ISO 7064 MOD 11-2).

    :raises ValueError: when they are not 17.
    """
    return _CHECK_CHARACTERS[_weighted_sum(first_17) % 11]


def explain_identity_number(text: str, *, on: date | None = None) -> Explained[IdentityNumber]:
    """Return what `parse_identity_number` does, with the steps that the number itself shows.

    :raises IdentityNumberRefused: with the reason and the part that is wrong.
    """
    found = parse_identity_number(text, on=on)
    number = found.number
    total = _weighted_sum(number[:17])
    birth, seventeenth = {"digits": word(number[6:14])}, {"digit_17": word(number[16])}
    steps = (
        Step("birth", "digits_7_to_14", birth, day(found.birth_date), _RULE),
        Step("sex", "odd_or_even(digit_17)", seventeenth, word(found.sex), _RULE),
        Step(
            "check_character", "check_of(sum % 11)", {"sum": count(total)}, word(number[17]), _RULE
        ),
    )
    return Explained(found, steps)


def expand_old_number(text: str) -> IdentityNumber:
    """Return the 18-character number of a 15-digit one, to match old records with.

    15-digit numbers are no longer valid as documents since 2013-01-01.

    :raises IdentityNumberRefused: if it is not 15 digits with a date of birth in them.
    """
    number = normalise_number(text)
    if not _is_old(number):
        raise IdentityNumberRefused("length", "number", number)
    # They were given until 1999, so that the century that they leave out is this one.
    first_17 = f"{number[:6]}19{number[6:]}"
    return parse_identity_number(first_17 + check_character(first_17))


def _weighted_sum(first_17: str) -> int:
    if len(first_17) != len(_WEIGHTS):
        raise ValueError("the check is of 17 digits")
    return sum(map(mul, map(int, first_17), _WEIGHTS))


def _refuse_wrong_form(number: str) -> None:
    if _PLAIN.fullmatch(number):
        return
    if _is_old(number):
        raise IdentityNumberRefused("old_15", "number", number)
    if len(number) != NUMBER_LENGTH:
        mangled = was_turned_into_a_number(number)
        raise IdentityNumberRefused("excel_mangled" if mangled else "length", "number", number)
    if wrong := "".join(char for char in number[:17] if not _is_digit(char)):
        raise IdentityNumberRefused("characters", "number", wrong)
    if not _is_digit(number[17]) and number[17] != "X":
        raise IdentityNumberRefused("characters", "check", number[17])


def _parse_birth(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise IdentityNumberRefused("date", "birth", digits) from None


def _is_old(number: str) -> bool:
    if len(number) != _OLD_LENGTH or not all(_is_digit(char) for char in number):
        return False
    try:
        _parse_birth(f"19{number[6:12]}")
    except IdentityNumberRefused:
        return False
    return True


def _is_digit(char: str) -> bool:
    # str.isdigit alone also accepts ², ٣ and other scripts.
    return char.isascii() and char.isdigit()


def _kind_of(number: str) -> IdentityKind:
    if number.startswith(("810000", "820000", "830000")):
        return IdentityKind.RESIDENCE_PERMIT
    if number.startswith("9"):
        return IdentityKind.PERMANENT_RESIDENCE
    return IdentityKind.RESIDENT


def _province_of(number: str) -> str:
    # On a permanent residence card the leading 9 stands before the province.
    return number[1:3] if number.startswith("9") else number[:2]
