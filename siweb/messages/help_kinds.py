"""What is told of reviews, of what somebody else did for a person, and of who may."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

# Two months, one month and a week before the last day.
_BEFORE = (60, 30, 7)
_REVIEWS = "reviews.show_due"
_HELPERS = "helping.show_helpers"

# Whoever knows a number and a name can begin: the person learns of it whatever comes of the case.
CERTIFIED_BY_RELATIVE = MessageKind(
    "certified_by_relative",
    Reader.PERSON,
    _l("A relative sent your certification"),
    _l("The case says who it was. If you did not want it, tell the agency."),
    "reviews.show_due",
)

REVIEW_OPENED = MessageKind(
    "review_opened",
    Reader.PERSON,
    _l("An annual review is open for you"),
    _l("Look at your social insurance record and say whether it is right."),
    _REVIEWS,
)
REVIEW_REMINDER = MessageKind(
    "review_reminder",
    Reader.PERSON,
    _l("Your annual review ends on %(day)s"),
    _l("Your answers have not been sent. It takes about three minutes."),
    _REVIEWS,
    days_before=_BEFORE,
)
BASES_OPENED = MessageKind(
    "bases_opened",
    Reader.EMPLOYER,
    _l("Declare the yearly bases by %(day)s"),
    _l("The sheet with everybody in it is ready. Your employees confirm what you declare."),
    "base_review.show_review",
)
BASES_REMINDER = MessageKind(
    "bases_reminder",
    Reader.EMPLOYER,
    _l("The yearly bases are missing: declare them by %(day)s"),
    _l("Without a declaration the agency fixes the premium itself (Social Insurance Law, 62)."),
    "base_review.show_review",
    days_before=_BEFORE,
)
BASE_TO_CONFIRM = MessageKind(
    "base_to_confirm",
    Reader.PERSON,
    _l("Your employer declared your yearly base: answer by %(day)s"),
    _l("Confirm it, or say what is wrong. Without an answer what was declared holds."),
    "filings.show_declared",
    days_before=_BEFORE,
)
HELP_GIVEN = MessageKind(
    "help_given",
    Reader.PERSON,
    _l("Somebody may do things for you from today"),
    _l("See who it is and what they may do. You can end it at any time, here or at the counter."),
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
