"""Fields that several pages of a registration ask for."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from siweb.registry.employers.industries import read_industries
from siweb.rules.identifiers.typed_text import unicode_form
from siweb.web.forms.typed_fields import EmailField, Needed, TelephoneField, TypedField
from siweb.web.language.locale import preferences

_ACCOUNT = re.compile(r"[0-9]{8,40}")
_TOO_LONG = _l("Use at most %(max)d characters.")


def text_field(label: Any, length: int, needed: Any = None, **render: str) -> StringField:
    """Return a line of text; `needed` is the sentence when it is missing."""
    first = InputRequired(needed) if needed else Optional()
    return StringField(label, [first, Length(max=length, message=_TOO_LONG)], render_kw=render)


class AccountField(TypedField):
    """A bank account number, kept as its digits: payments are matched by it."""

    def read(self, typed: str) -> str:
        """Read an account number."""
        # NFKC makes full-width digits and spaces of input methods plain ones.
        digits = re.sub(r"[\s-]", "", unicode_form("NFKC", typed))
        if _ACCOUNT.fullmatch(digits) is None:
            raise ValidationError(_l("An account number has 8 to 40 digits."))
        return digits


def phone_field(label: Any, needed: Any = None) -> TelephoneField:
    """Return a telephone number, mobile or with its area code."""
    return TelephoneField(
        label,
        [Needed(needed)] if needed else [],
        render_kw={"maxlength": "30", "autocomplete": "off"},
    )


def email_field() -> EmailField:
    """Return an e-mail address that may be left out."""
    return EmailField(_l("E-mail (optional)"), render_kw={"autocomplete": "off"})


def account_field() -> AccountField:
    """Return a bank account number."""
    return AccountField(
        _l("Account number"),
        [Needed(_l("Enter the account number."))],
        render_kw={"inputmode": "numeric", "maxlength": "60", "autocomplete": "off"},
    )


def industry_choices() -> list[tuple[str, str]]:
    """Return the divisions of GB/T 4754 in the reader's language."""
    chinese = preferences().locale == "zh_Hans"
    return [
        (industry.code, f"{industry.code} {industry.name_zh if chinese else industry.name_en}")
        for industry in read_industries().values()
    ]
