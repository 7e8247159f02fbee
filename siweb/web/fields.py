"""Form fields of the office: what a person types comes out as a typed value, or as a sentence."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import ValidationError

_MONEY = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


class PageForm(FlaskForm):  # type: ignore[misc]
    """A form of a page; spaces around what was typed are dropped."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = [strip_text, *unbound_field.kwargs.get("filters", ())]
            if issubclass(unbound_field.field_class, StringField):
                options = {**options, "filters": filters}
            return unbound_field.bind(form=form, **options)


def strip_text(value: Any) -> Any:
    """Return text without spaces around it, anything else as it is."""
    return value.strip() if isinstance(value, str) else value


class MoneyField(StringField):
    """An amount in yuan, typed as people type it; `data` is fen or None."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read '12,345.60', '１２３元' or '¥123' exactly; refuse more than two decimals."""
        self.data = None
        typed = (valuelist or [""])[0].strip()
        if not typed:
            return
        plain = typed.translate(_FULL_WIDTH).replace(",", "").replace(" ", "")
        match = _MONEY.fullmatch(plain.strip("¥￥").removesuffix("元"))
        if match is None:
            raise ValidationError(_l("Enter an amount in yuan, for example 6000 or 6000.50."))
        self.data = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data // 100}.{self.data % 100:02d}"
