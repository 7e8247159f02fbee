"""The fields in which a person says how to be reached: the same wherever it is asked."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from siweb.web.forms.typed_fields import EmailField, MobileField, Needed

TOO_LONG = _l("Use at most %(max)d characters.")


def mobile_field(label: Any) -> MobileField:
    """Return the field of a number at which the agency reaches whoever answers."""
    return MobileField(
        label,
        [Needed(_l("Enter a mobile number, so that the agency can reach you."))],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )


def address_field() -> StringField:
    """Return the field of a postal address, which may stay empty."""
    return StringField(
        _l("Address"),
        [Length(max=200, message=TOO_LONG)],
        render_kw={"autocomplete": "street-address"},
    )


def email_field() -> EmailField:
    """Return the field of an e-mail address, which may stay empty."""
    return EmailField(_l("E-mail (optional)"), render_kw={"autocomplete": "email"})
