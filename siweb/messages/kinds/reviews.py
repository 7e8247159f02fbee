"""What is told of annual reviews and of the yearly bases: that one opens, and that it ends."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import BEFORE, MessageKind, Reader

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
    days_before=BEFORE,
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
    days_before=BEFORE,
)
BASE_TO_CONFIRM = MessageKind(
    "base_to_confirm",
    Reader.PERSON,
    _l("Your employer declared your yearly base: answer by %(day)s"),
    _l("Confirm it, or say what is wrong. Without an answer what was declared holds."),
    "filings.show_declared",
    days_before=BEFORE,
)
# The office ends it by what the person stated, and may be wrong: served, with its remedies.
RESIDENT_ENDED = MessageKind(
    "resident_ended",
    Reader.PERSON,
    _l("Your medical insurance as a resident ended"),
    _l(
        "You stated that you are insured otherwise. The case says with which month; if it is "
        "wrong, tell the agency."
    ),
    _REVIEWS,
    needs_service=True,
)
RESIDENT_AGAIN = MessageKind(
    "resident_again",
    Reader.PERSON,
    _l("Your medical insurance as a resident goes on"),
    _l("It goes on as if it had not ended. The case says why."),
    _REVIEWS,
)
REVIEW_UNDER_WAY = MessageKind(
    "review_under_way",
    Reader.PERSON,
    _l("Your annual review is being looked at"),
    _l("Your answers were received. You are told when they are decided."),
    _REVIEWS,
)
REVIEW_TO_CORRECT = MessageKind(
    "review_to_correct",
    Reader.PERSON,
    _l("Your annual review needs you again"),
    _l("Something in it has to be put right or added."),
    _REVIEWS,
)
REVIEW_PASSED = MessageKind(
    "review_passed",
    Reader.PERSON,
    _l("Your annual review is done"),
    _l("Its receipt is ready."),
    _REVIEWS,
)
REVIEW_UPHELD = MessageKind(
    "review_upheld",
    Reader.PERSON,
    _l("Your objection was upheld"),
    _l("The agency puts your record right. You are told when that is done."),
    _REVIEWS,
)
REVIEW_PARTLY_UPHELD = MessageKind(
    "review_partly_upheld",
    Reader.PERSON,
    _l("Your objections were upheld in part"),
    _l("Read what the agency puts right, what it does not and why, and what you can do about it."),
    _REVIEWS,
    needs_service=True,
)
REVIEW_REJECTED = MessageKind(
    "review_rejected",
    Reader.PERSON,
    _l("Your annual review was decided"),
    _l("The decision is not in your favour. Read its reasons, and what you can do about it."),
    _REVIEWS,
    needs_service=True,
)
RECORD_CORRECTED = MessageKind(
    "record_corrected",
    Reader.PERSON,
    _l("What you objected to was put right"),
    _l("Look at the case: it says what was done."),
    _REVIEWS,
)
OBJECTION_ANSWERED = MessageKind(
    "objection_answered",
    Reader.PERSON,
    _l("Your employer answered your objection"),
    _l("The agency decides next."),
    _REVIEWS,
)
OBJECTION_TO_ANSWER = MessageKind(
    "objection_to_answer",
    Reader.EMPLOYER,
    _l("An employee objects: answer by %(day)s"),
    _l("Without an answer the agency decides alone."),
    "objections.show_objections",
)
