"""What is told of annual reviews and of the yearly bases: that one opens, and that it ends."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

# Two months, one month and a week before the last day.
_BEFORE = (60, 30, 7)
_REVIEWS = "reviews.show_due"

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
# Neither is adverse: the one follows what the person stated, the other takes it back.
RESIDENT_ENDED = MessageKind(
    "resident_ended",
    Reader.PERSON,
    _l("Your medical insurance as a resident ended"),
    _l(
        "You stated that you are insured otherwise. The case says with which month; if it is "
        "wrong, tell the agency."
    ),
    _REVIEWS,
)
RESIDENT_AGAIN = MessageKind(
    "resident_again",
    Reader.PERSON,
    _l("Your medical insurance as a resident goes on"),
    _l("It goes on as if it had not ended. The case says why."),
    _REVIEWS,
)
