"""The forms with which staff say what becomes of a payment."""

import re

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Optional, ValidationError

from siweb.collection.payments.bank_reference import bill_id_of
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.typed_fields import DayField, Needed, TypedField

_DIGITS = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "24"}


class ReferenceField(TypedField):
    """A bill's bank reference, with or without the spaces that it is printed with."""

    def read(self, typed: str) -> int:
        """Read a reference, and check its two last digits."""
        digits = re.sub(r"[ \-]", "", typed)
        if not digits.isdigit() or not bill_id_of(int(digits)):
            raise ValidationError(_l("This is no bill’s reference: compare it digit by digit."))
        return int(digits)


class MatchForm(PageForm):
    """Which bill a payment is for."""

    reference = ReferenceField(
        _l("Reference of the bill"),
        [Needed(_l("Enter the reference of the bill."))],
        render_kw=_DIGITS,
    )


class KeepForm(PageForm):
    """Whose credit the rest stays."""

    reference = ReferenceField(
        _l("Reference of any bill of the payer"),
        [Optional()],
        description=_l("Only where the payer is not known yet."),
        render_kw=_DIGITS,
    )


class RefundForm(PageForm):
    """How much is paid back."""

    amount = MoneyField(
        _l("Amount in yuan"),
        [InputRequired(_l("Enter the amount."))],
        render_kw={"inputmode": "decimal"},
    )


class ReverseForm(PageForm):
    """When the bank took the payment back."""

    on = DayField(_l("Day on which the bank took it back"), [Needed(_l("Enter the day."))])
