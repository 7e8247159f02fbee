"""What people are told of how they are registered."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

DEATH_WITHDRAWN = MessageKind(
    "death_withdrawn",
    Reader.PERSON,
    _l("You were registered as dead by mistake"),
    _l(
        "That was taken back. What you were insured in and drew goes on; look through your record "
        "and sign in as before."
    ),
    "ledgers.show_years",
)
REGISTRATIONS_SEPARATED = MessageKind(
    "registrations_separated",
    Reader.PERSON,
    _l("Your registration was separated from another one"),
    _l(
        "They had been joined by mistake. Look through your record, and tell the agency if "
        "something is missing or is not yours."
    ),
    "ledgers.show_years",
)
