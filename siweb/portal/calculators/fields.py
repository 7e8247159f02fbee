"""Fields of the calculators: days, months and multipliers as people type them."""

import re
from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import DateInput, TextInput

from siweb.rules.errors import RuleError
from siweb.rules.money import fen_from_yuan
from siweb.rules.rates import fraction_from_ppm, ppm_from_fraction

# 2026-03-05, 2026/3/5, 2026.3.5, 20260305, 2026年3月5日
_DAY = re.compile(r"(\d{4})(?:[-/.年 ])?(\d{1,2})(?:[-/.月 ])?(\d{1,2})日?", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:[-/.年 ])?(\d{1,2})月?", re.ASCII)
_BETWEEN_AMOUNTS = re.compile(r"[\s;；、]+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SHOWN = 30
MOST_WAGES = 100


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


class _TypedField(StringField):
    """A text that is read into a value; what was typed stays in the field."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, half width and without spaces around it."""
        self.data = None
        typed = (valuelist or [""])[0].strip().translate(_FULL_WIDTH)
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


class DayField(_TypedField):
    """A calendar day."""

    widget = DateInput()

    def read(self, typed: str) -> date:
        """Read a day."""
        match = _DAY.fullmatch(typed)
        try:
            return date(*(int(part) for part in match.groups()))  # type: ignore[union-attr]
        except (AttributeError, ValueError):
            sentence = _l("“%(typed)s” is not a day. Enter it like 2026-03-05.")
            raise ValidationError(sentence % {"typed": _short(typed)}) from None


class MonthField(_TypedField):
    """A calendar month, 'YYYY-MM'."""

    widget = TextInput()

    def read(self, typed: str) -> str:
        """Read a month."""
        match = _MONTH.fullmatch(typed)
        try:
            return f"{date(int(match[1]), int(match[2]), 1):%Y-%m}"  # type: ignore[index]
        except (TypeError, ValueError):
            sentence = _l("“%(typed)s” is not a month. Enter it like 2026-03.")
            raise ValidationError(sentence % {"typed": _short(typed)}) from None


class MultiplierField(_TypedField):
    """A multiplier such as 0.8, kept in ppm."""

    widget = TextInput()

    def read(self, typed: str) -> int:
        """Read a multiplier exactly."""
        try:
            return ppm_from_fraction(typed)
        except RuleError:
            sentence = _l("“%(typed)s” is not a number. Enter it like 0.8.")
            raise ValidationError(sentence % {"typed": _short(typed)}) from None

    def written(self) -> str:
        """Write it without zeros at its end."""
        return fraction_from_ppm(self.data)


class WholeField(IntegerField):
    """A whole number."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number of at most six digits."""
        self.data = None
        typed = (valuelist or [""])[0].strip().translate(_FULL_WIDTH)
        if not typed:
            return
        if not re.fullmatch(r"\d{1,6}", typed, re.ASCII):
            sentence = _l("“%(typed)s” is not a whole number.")
            raise ValidationError(sentence % {"typed": _short(typed)})
        self.data = int(typed)


class WagesField(TextAreaField):
    """Several amounts in yuan, one a line; `data` is a list of fen."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read every amount, or say which one is wrong."""
        self.data = []
        typed = (valuelist or [""])[0].translate(_FULL_WIDTH).replace("、", " ")
        for amount in _BETWEEN_AMOUNTS.split(typed.strip()):
            if amount:
                self.data.append(_read_amount(amount))
        if len(self.data) > MOST_WAGES:
            sentence = _l("Enter at most %(most)s wages at a time.")
            raise ValidationError(sentence % {"most": MOST_WAGES})

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""


def _read_amount(typed: str) -> int:
    try:
        return fen_from_yuan(typed.strip("¥￥").removesuffix("元"))
    except RuleError:
        sentence = _l("“%(typed)s” is not an amount in yuan. Enter one wage a line, like 6000.")
        raise ValidationError(sentence % {"typed": _short(typed)}) from None


def _short(typed: str) -> str:
    return typed if len(typed) <= _SHOWN else typed[:_SHOWN] + "…"
