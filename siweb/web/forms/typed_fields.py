"""Fields read into a value: days and months as people type them, and a value that must be there."""

import re
from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import DateInput, EmailInput, TelInput, TextInput

from siweb.rules.errors import RuleError
from siweb.rules.identifiers.contact import (
    ContactRefused,
    parse_email,
    parse_mobile,
    parse_telephone,
)
from siweb.rules.numbers.rates import fraction_from_ppm, ppm_from_fraction

# 2026-03-05, 2026/3/5, 2026.3.5, 20260305, 2026年3月5日
# Without separators all eight digits: 2026111 may be 11 January or 1 November.
_DAY = re.compile(r"(\d{4})(?:[-/.年 ](\d{1,2})[-/.月 ](\d{1,2})|(\d{2})(\d{2}))日?", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:[-/.年 ])?(\d{1,2})月?", re.ASCII)
# What Chinese input methods type: ！ to ～, which lie 0xFEE0 behind ! to ~.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SHOWN = 30


class Needed:
    """Refuse a field without a value; one that could not be read has its own sentence already."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        """Stop the chain unless there is a value."""
        if field.errors:
            raise StopValidation
        if field.data is None or field.data in ("", []):
            raise StopValidation(self.message)


class TypedField(StringField):
    """A text that is read into a value; what was typed stays in the field."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, half width and without spaces around it."""
        self.data = None
        typed = (valuelist or [""])[0].strip().translate(FULL_WIDTH)
        if typed:
            self.data = self.read(typed)

    def read(self, typed: str) -> Any:
        """Return the value of a text.

        :raises ValidationError: with the sentence to show.
        """
        raise NotImplementedError

    def written(self) -> str:
        """Return the value as it would be typed."""
        return str(self.data)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.written()


class DayField(TypedField):
    """A calendar day."""

    widget = DateInput()

    def read(self, typed: str) -> date:
        """Read a day."""
        match = _DAY.fullmatch(typed)
        try:
            return date(*(int(part) for part in match.groups() if part))  # type: ignore[union-attr]
        except (AttributeError, ValueError):
            sentence = _l("“%(typed)s” is not a date. Enter it like 2026-03-05.")
            raise ValidationError(sentence % {"typed": shortened(typed)}) from None


class MonthField(TypedField):
    """A calendar month, 'YYYY-MM'."""

    widget = TextInput()

    def read(self, typed: str) -> str:
        """Read a month."""
        match = _MONTH.fullmatch(typed)
        try:
            return f"{date(int(match[1]), int(match[2]), 1):%Y-%m}"  # type: ignore[index]
        except (TypeError, ValueError):
            sentence = _l("“%(typed)s” is not a month. Enter it like 2026-03.")
            raise ValidationError(sentence % {"typed": shortened(typed)}) from None


class MobileField(TypedField):
    """A mobile number, kept as its 11 digits."""

    widget = TelInput()

    def read(self, typed: str) -> str:
        """Read a mobile number."""
        try:
            return parse_mobile(typed)
        except ContactRefused:
            sentence = _l("Enter a mobile number with 11 digits, such as 13800001234.")
            raise ValidationError(sentence) from None


class TelephoneField(TypedField):
    """A mobile or landline number."""

    widget = TelInput()

    def read(self, typed: str) -> str:
        """Read a telephone number."""
        try:
            return parse_telephone(typed)
        except ContactRefused:
            sentence = _l("Enter a number such as 13800001234 or 021-12345678.")
            raise ValidationError(sentence) from None


class EmailField(TypedField):
    """An e-mail address."""

    widget = EmailInput()

    def read(self, typed: str) -> str:
        """Read an e-mail address."""
        try:
            return parse_email(typed)
        except ContactRefused:
            sentence = _l("Enter an e-mail address such as name@example.com.")
            raise ValidationError(sentence) from None


class WholeField(IntegerField):
    """A whole number."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number of at most six digits."""
        self.data = None
        typed = (valuelist or [""])[0].strip().translate(FULL_WIDTH)
        if not typed:
            return
        if not re.fullmatch(r"\d{1,6}", typed, re.ASCII):
            sentence = _l("“%(typed)s” is not a whole number.")
            raise ValidationError(sentence % {"typed": shortened(typed)})
        self.data = int(typed)


class MultiplierField(TypedField):
    """A multiplier such as 0.8, kept in ppm."""

    widget = TextInput()

    def read(self, typed: str) -> int:
        """Read a multiplier exactly."""
        try:
            return ppm_from_fraction(typed)
        except RuleError:
            sentence = _l("“%(typed)s” is not a number. Enter it like 0.8.")
            raise ValidationError(sentence % {"typed": shortened(typed)}) from None

    def written(self) -> str:
        """Write it without zeros at its end."""
        return fraction_from_ppm(self.data)


def shortened(typed: str) -> str:
    """Return what was typed, cut to a length that a sentence can quote."""
    return typed if len(typed) <= _SHOWN else typed[:_SHOWN] + "…"
