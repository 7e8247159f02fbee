"""What a person is told of what somebody else did for them."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

# Whoever knows a number and a name can begin: the person learns of it whatever comes of the case.
CERTIFIED_BY_RELATIVE = MessageKind(
    "certified_by_relative",
    Reader.PERSON,
    _l("A relative sent your certification"),
    _l("The case says who it was. If you did not want it, tell the agency."),
    "reviews.show_due",
)
