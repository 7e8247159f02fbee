"""What is told of a complaint."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

_COMPLAINTS = "complaints.show_complaints"

COMPLAINT_RECEIVED = MessageKind(
    "complaint_received",
    Reader.PERSON,
    _l("Your complaint was received"),
    _l("The agency answers it in writing by %(day)s."),
    _COMPLAINTS,
)
COMPLAINT_ANSWERED = MessageKind(
    "complaint_answered",
    Reader.PERSON,
    _l("Your complaint was answered"),
    _l("Read the answer with its reasons, and what you can do about it."),
    _COMPLAINTS,
    needs_service=True,
)
