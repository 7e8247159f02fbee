"""Who may do something against a decision is reminded of until when."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import BEFORE, MessageKind, Reader

REVIEW_ENDING = MessageKind(
    "remedy_review_ending",
    Reader.PERSON,
    _l("You can ask for a review of a decision until %(day)s"),
    _l(
        "The message of the decision says whom to ask. If you have asked, or accept the decision, "
        "you need not do anything."
    ),
    "inbox.show_messages",
    days_before=BEFORE,
)
SUIT_ENDING = MessageKind(
    "remedy_suit_ending",
    Reader.PERSON,
    _l("You can take a decision to court until %(day)s"),
    _l(
        "The message of the decision says so too. If you have gone to court, or accept the "
        "decision, you need not do anything."
    ),
    "inbox.show_messages",
    days_before=BEFORE,
)
EMPLOYER_REVIEW_ENDING = MessageKind(
    "employer_review_ending",
    Reader.EMPLOYER,
    REVIEW_ENDING.title,
    REVIEW_ENDING.words,
    "inbox.show_employers_messages",
    days_before=BEFORE,
)
EMPLOYER_SUIT_ENDING = MessageKind(
    "employer_suit_ending",
    Reader.EMPLOYER,
    SUIT_ENDING.title,
    SUIT_ENDING.words,
    "inbox.show_employers_messages",
    days_before=BEFORE,
)
