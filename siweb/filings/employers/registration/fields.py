"""Fields that several pages of a registration ask for."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from siweb.registry.industries import read_industries
from siweb.web.language.locale import preferences

PHONE = re.compile(r"(\+?86)?[- ]?(1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}([- ]\d{1,6})?)")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
ACCOUNT = re.compile(r"[\d -]{8,40}")
_TOO_LONG = _l("Use at most %(max)d characters.")


def text_field(label: Any, length: int, needed: Any = None, **render: str) -> StringField:
    """Return a line of text; `needed` is the sentence when it is missing."""
    first = InputRequired(needed) if needed else Optional()
    return StringField(label, [first, Length(max=length, message=_TOO_LONG)], render_kw=render)


def phone_field(label: Any, needed: Any = None) -> StringField:
    """Return a telephone number, mobile or with its area code."""
    return StringField(
        label,
        [
            InputRequired(needed) if needed else Optional(),
            Regexp(PHONE, message=_l("Enter a number such as 13800001234 or 021-12345678.")),
        ],
        render_kw={"inputmode": "tel", "maxlength": "30", "autocomplete": "off"},
    )


def email_field() -> StringField:
    """Return an e-mail address that may be left out."""
    return StringField(
        _l("E-mail (optional)"),
        [
            Optional(),
            Length(max=254, message=_TOO_LONG),
            Regexp(EMAIL, message=_l("Enter an e-mail address such as name@example.com.")),
        ],
        render_kw={"autocomplete": "off"},
    )


def account_field() -> StringField:
    """Return a bank account number."""
    return StringField(
        _l("Account number"),
        [
            InputRequired(_l("Enter the account number.")),
            Regexp(ACCOUNT, message=_l("An account number has 8 to 40 digits.")),
        ],
        render_kw={"inputmode": "numeric", "maxlength": "40", "autocomplete": "off"},
    )


def industry_choices() -> list[tuple[str, str]]:
    """Return the divisions of GB/T 4754 in the reader's language."""
    chinese = preferences().locale == "zh_Hans"
    return [
        (industry.code, f"{industry.code} {industry.name_zh if chinese else industry.name_en}")
        for industry in read_industries().values()
    ]
