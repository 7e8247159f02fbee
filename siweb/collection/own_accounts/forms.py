"""The form of one's own bank account, and its fields for whoever asks for them elsewhere."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from siweb.rules.identifiers.account_number import AccountNumberRefused, parse_own_account_number
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import Needed, TypedField

_WORDS = {
    "length": _l(
        "An account number has 8 to 34 characters. Compare it with your card or passbook."
    ),
    "characters": _l("An account number has only digits, and perhaps letters."),
    "checksum": _l("A digit of this card number is wrong: compare it with the card."),
    "card_length": _l("A card number has 16 to 19 digits: compare it with the card."),
    "identity_number": _l("This is an ID number. Enter the number of the card or account."),
}


class OwnAccountField(TypedField):
    """The number of one's own account, checked by its digits."""

    def read(self, typed: str) -> str:
        """Read an account number."""
        try:
            return parse_own_account_number(typed)
        except AccountNumberRefused as refused:
            raise ValidationError(_WORDS[refused.reason]) from refused


def number_field(*validators: Any) -> OwnAccountField:
    """Return the field of one's account or card."""
    return OwnAccountField(
        _l("Number of your bank card or account"),
        list(validators),
        render_kw={"inputmode": "numeric", "maxlength": "60", "autocomplete": "off"},
    )


def bank_field(*validators: Any) -> StringField:
    """Return the field of the bank's name."""
    too_long = _l("Use at most %(max)d characters.")
    return StringField(
        _l("Bank"),
        [*validators, Length(max=100, message=too_long)],
        description=_l("With its branch, as on the card or passbook."),
        render_kw={"autocomplete": "off"},
    )


class OwnAccountForm(PageForm):
    """Which account is mine."""

    number = number_field(Needed(_l("Enter the number of the card or account.")))
    bank_name = bank_field(InputRequired(_l("Enter the name of the bank.")))
    is_mine = BooleanField(
        _l("This account is in my own name."),
        [InputRequired(_l("Only an account in your own name can be entered here."))],
    )
    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Enter your password."))],
        description=_l("So that nobody who finds this browser open can change the account."),
        render_kw={"autocomplete": "current-password"},
    )


class EndAccountForm(PageForm):
    """Taking the account away: with the password as well."""

    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
