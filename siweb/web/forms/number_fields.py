"""Fields for identity numbers and social credit codes; the error says which part is wrong."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import ValidationError

from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.rules.identifiers.uscc import parse_uscc

ID_NUMBER_WORDS = {
    "length": _l(
        "An ID number has 18 characters; this one has %(length)s. Compare it digit by digit."
    ),
    "characters": _l(
        "An ID number has only digits, and at its end perhaps an X. Check “%(wrong)s”."
    ),
    "old_15": _l(
        "This is an old number with 15 digits. Enter the 18 characters of the present ID card."
    ),
    "excel_mangled": _l(
        "A spreadsheet treated this as a number and lost its last digits. Enter it again, as "
        "text, from the ID card."
    ),
    "date": _l("The birth date in the number, “%(wrong)s”, does not exist. Check digits 7 to 14."),
    "checksum": _l(
        "The last character does not match the others: one of the first 17 digits is "
        "probably mistyped. Compare it with the ID card."
    ),
    "future": _l(
        "The birth date in the number, “%(wrong)s”, lies in the future. Check digits 7 to 14."
    ),
}
USCC_WORDS = {
    "length": _l("A social credit code has 18 characters; this one has %(length)s."),
    "characters": _l(
        "A social credit code has only digits and capital letters, without I, O, S, V and Z. Check "
        "“%(wrong)s”."
    ),
    "authority": _l(
        "No registration authority begins with “%(wrong)s”. Check the first character."
    ),
    "excel_mangled": _l(
        "A spreadsheet treated this as a number and lost its last digits. Enter it again, as "
        "text, from the business licence."
    ),
    "checksum": _l(
        "The last character does not match the others: one of them is probably mistyped. "
        "Compare it with the business licence."
    ),
    "org_code": _l(
        "Characters 9 to 17, “%(wrong)s”, do not match. Compare them with the business licence."
    ),
}


def uscc_sentence(refused: NumberRefused, typed: str) -> Any:
    """Return the sentence for a refused social credit code."""
    words = USCC_WORDS[refused.reason]
    return words % {"wrong": refused.wrong, "length": len("".join(typed.split()))}


def id_number_sentence(refused: NumberRefused, typed: str) -> Any:
    """Return the sentence for a refused ID number."""
    words = ID_NUMBER_WORDS[refused.reason]
    return words % {"wrong": refused.wrong, "length": len("".join(typed.split()))}


class IdNumberField(StringField):
    """A citizen ID number; `data` is the number in its one form, what was typed stays shown."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number as people type it."""
        typed = (valuelist or [""])[0]
        self.data = typed.strip()
        if not self.data:
            return
        try:
            self.data = parse_identity_number(typed).number
        except NumberRefused as refused:
            raise ValidationError(id_number_sentence(refused, typed)) from refused

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or "")


class UsccField(StringField):
    """A unified social credit code; `data` is the code in its one form."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the code as people type it."""
        typed = (valuelist or [""])[0]
        self.data = typed.strip()
        if not self.data:
            return
        try:
            self.data = parse_uscc(typed).number
        except NumberRefused as refused:
            raise ValidationError(uscc_sentence(refused, typed)) from refused

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or "")
