"""The words of a registration: what its fields are called in the history of changes."""

from flask_babel import lazy_gettext as _l

FIELDS = {
    "name": _l("Name of the employer"),
    "address": _l("Registered address"),
    "business_address": _l("Place of business"),
    "phone": _l("Telephone"),
    "email": _l("E-mail"),
    "legal_representative": _l("Legal representative"),
    "handler_name": _l("Social insurance contact person"),
    "handler_phone": _l("Telephone of the contact person"),
    "bank_name": _l("Bank"),
    "bank_account": _l("Account number"),
    "status": _l("Registration"),
}
