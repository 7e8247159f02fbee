"""What a person is told of what somebody else did for them, and of who may."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import BEFORE, MessageKind, Reader

_HELPERS = "helping.show_helpers"

# Whoever knows a number and a name can begin: the person learns of it whatever comes of the case.
CERTIFIED_BY_RELATIVE = MessageKind(
    "certified_by_relative",
    Reader.PERSON,
    _l("A relative sent your certification"),
    _l("The case says who it was. If you did not want it, tell the agency."),
    "reviews.show_due",
)
HELP_GIVEN = MessageKind(
    "help_given",
    Reader.PERSON,
    _l("Somebody may do things for you from today"),
    # Not "end it at any time": a guardian was named by a court or a committee (Civil Code 36).
    _l("See who it is, what they may do, and how it is ended."),
    _HELPERS,
)
HELP_ENDED = MessageKind(
    "help_ended",
    Reader.PERSON,
    _l("Somebody no longer does things for you"),
    _l("What they did before stays. You can ask somebody else at any time."),
    _HELPERS,
)
HELP_REVIEW = MessageKind(
    "help_review",
    Reader.PERSON,
    _l("Your helper did something in your annual review"),
    _l("The case says who it was and what was sent. If you did not want it, end the help."),
    "reviews.show_due",
)
HELP_PAPER = MessageKind(
    "help_paper",
    Reader.PERSON,
    _l("Your helper got a paper for you"),
    _l("It stands among your papers. If you did not want it, end the help."),
    "documents.show_documents",
)
MAY_HELP = MessageKind(
    "may_help",
    Reader.PERSON,
    _l("You may do things for somebody"),
    _l("See whom you help, with what and until when. They are told of everything you do."),
    _HELPERS,
)
MAY_HELP_NO_MORE = MessageKind(
    "may_help_no_more",
    Reader.PERSON,
    _l("You no longer do things for somebody"),
    _l("The person, you, or the agency ended it."),
    _HELPERS,
)
HELP_ENDING = MessageKind(
    "help_ending",
    Reader.PERSON,
    _l("Somebody may do things for you until %(day)s"),
    _l("If they are to go on, allow it anew; else you need not do anything."),
    _HELPERS,
    days_before=BEFORE,
)
MAY_HELP_ENDING = MessageKind(
    "may_help_ending",
    Reader.PERSON,
    _l("You may do things for somebody until %(day)s"),
    _l("If you are to go on, the person or the agency allows it anew."),
    _HELPERS,
    days_before=BEFORE,
)
HELPER_APPOINTED = MessageKind(
    "helper_appointed",
    Reader.PERSON,
    _l("The agency appointed you to help people"),
    _l("Each of them has to allow it. If you do not know of it, tell the agency."),
    _HELPERS,
)
HELPER_DISMISSED = MessageKind(
    "helper_dismissed",
    Reader.PERSON,
    _l("Your appointment to help people was ended"),
    _l("What people allowed you under it ended as well."),
    _HELPERS,
)
