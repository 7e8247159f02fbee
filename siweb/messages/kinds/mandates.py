"""What is told of who may act for an employer."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import BEFORE, MessageKind, Reader

MANDATE_GIVEN = MessageKind(
    "mandate_given",
    Reader.PERSON,
    _l("You may act for an employer"),
    _l("If you do not know the employer, tell the agency."),
    "employers.choose",
)
MANDATE_REVOKED = MessageKind(
    "mandate_revoked",
    Reader.PERSON,
    _l("You no longer act for an employer"),
    _l("The right to act for it was ended."),
    "employers.choose",
)
MANDATE_ENDING = MessageKind(
    "mandate_ending",
    Reader.PERSON,
    _l("Your right to act for an employer ends on %(day)s"),
    _l("Ask its owner for a new one if you go on acting for it."),
    "employers.choose",
    days_before=BEFORE,
)
MANDATE_GRANTED = MessageKind(
    "mandate_granted",
    Reader.EMPLOYER,
    _l("Somebody may act for the employer since today"),
    _l("See who may act, and end what you do not know."),
    "mandates.show_mandates",
)
