"""What employers and their people are told of the yearly declaration of bases."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

# As the reviews of people: two months, one month and a week before the last day.
_BEFORE = (60, 30, 7)

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
