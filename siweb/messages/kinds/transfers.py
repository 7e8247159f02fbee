"""What is told of a pension relation that moves to another region."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

_TRANSFERS = "transfers.show_transfers"

TRANSFER_APPLIED = MessageKind(
    "transfer_applied",
    Reader.PERSON,
    _l("You applied for a transfer: it is done by %(day)s"),
    _l("If that was not you, go to the agency's counter at once."),
    _TRANSFERS,
)
TRANSFER_MOVES = MessageKind(
    "transfer_moves",
    Reader.PERSON,
    _l("Your transfer is a step further"),
    _l("See which step was taken, and what comes next until when."),
    _TRANSFERS,
)
TRANSFER_DONE = MessageKind(
    "transfer_done",
    Reader.PERSON,
    _l("Your transfer is done"),
    _l("See whether the months and the account are right."),
    _TRANSFERS,
)
TRANSFER_REFUSED = MessageKind(
    "transfer_refused",
    Reader.PERSON,
    _l("Your transfer was refused"),
    _l("Read the reasons, and what you can do about it."),
    _TRANSFERS,
    needs_service=True,
)
ACCOUNT_BROUGHT_IN = MessageKind(
    "account_brought_in",
    Reader.PERSON,
    _l("Money and months from another region were added to your account"),
    _l("See whether the months and the amount are right."),
    "ledgers.show_account",
)
ACCOUNT_SENT_OUT = MessageKind(
    "account_sent_out",
    Reader.PERSON,
    _l("Your individual account was transferred to another region"),
    _l("See what was sent. If you did not ask for it, tell the agency at once."),
    "ledgers.show_account",
)
