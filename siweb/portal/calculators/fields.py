"""Fields of the calculators: lists of wages as people type them."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from siweb.rules.errors import RuleError
from siweb.rules.numbers.money import fen_from_yuan
from siweb.web.forms.typed_fields import FULL_WIDTH, shortened

_BETWEEN_AMOUNTS = re.compile(r"[\s;；、]+")
MOST_WAGES = 100


class WagesField(TextAreaField):
    """Several amounts in yuan, one a line; `data` is a list of fen."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read every amount, or say which one is wrong."""
        self.data = []
        typed = (valuelist or [""])[0].translate(FULL_WIDTH).replace("、", " ")
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
        raise ValidationError(sentence % {"typed": shortened(typed)}) from None
