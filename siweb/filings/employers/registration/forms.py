"""The forms that change and end a registration."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from siweb.filings.employers.registration.fields import (
    account_field,
    email_field,
    phone_field,
    text_field,
)
from siweb.registry.packs.legal_periods import legal_period
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, Needed


class _DatedForm(PageForm):
    on: date

    def prepare(self, on: date) -> None:
        """Take in today."""
        self.on = on

    def validate_happened_on(self, field: Any) -> None:
        """Refuse a day that has not come."""
        if field.data is not None and field.data > self.on:
            raise ValidationError(_("This date lies in the future."))


class ChangeForm(_DatedForm):
    """What may change; each field is filled with what is registered."""

    happened_on = DayField(
        _l("Changed on"),
        [Needed(_l("Enter the date of the change."))],
        description=_l(
            "Changes are due within %(period)s; later ones are accepted too.",
            period=legal_period("registration_change"),
        ),
    )
    name = text_field(_l("Name of the employer"), 200, _l("Enter the name."))
    address = text_field(_l("Registered address"), 200, _l("Enter the registered address."))
    business_address = text_field(_l("Place of business (if different)"), 200)
    phone = phone_field(_l("Telephone"))
    email = email_field()
    legal_representative = text_field(
        _l("Legal representative"), 100, _l("Enter the name on the business licence.")
    )
    handler_name = text_field(_l("Social insurance contact person"), 100)
    handler_phone = phone_field(_l("Telephone of the contact person"))
    bank_name = text_field(_l("Bank"), 100, _l("Enter the name of the bank."))
    bank_account = account_field()


class CancelForm(_DatedForm):
    """When the unit ended."""

    happened_on = DayField(
        _l("Ended on"), [Needed(_l("Enter the date on which the employer closed."))]
    )
