"""The words of payouts, and why one is refused."""

from flask_babel import lazy_gettext as _l

from siweb.collection.tables.payout import LineState, PayoutKind, PayoutState

KINDS = {
    PayoutKind.REFUND: _l("Refund"),
    PayoutKind.HEIRS: _l("Account to the heirs"),
    PayoutKind.BENEFIT: _l("Back pay of a benefit"),
}
STATES = {
    PayoutState.OPEN: _l("to be paid"),
    PayoutState.SENT: _l("with the bank"),
    PayoutState.PAID: _l("paid"),
    PayoutState.REJECTED: _l("rejected by the bank"),
}
LINES = {
    LineState.SENT: _l("with the bank"),
    LineState.PAID: _l("paid"),
    LineState.REJECTED: _l("rejected by the bank"),
}
REFUSALS = {
    "ordered": _l("This was ordered to be paid before."),
    "on_its_way": _l("This is with the bank: wait for its answer."),
    "paid": _l("This is paid already."),
    "account_number": _l("This is no account number: compare it with the paper."),
    "account_checksum": _l("A digit of this card number is wrong: compare it with the card."),
    "bank_number": _l("The bank’s number has 12 digits."),
    "nothing_to_pay": _l("Nothing is to be paid here, or no payout has an account yet."),
    "payouts_differ": _l("Other payouts are waiting now than were shown: send the file again."),
    "no_account": _l("Choose an account of the office that is registered for this region."),
    "day_past": _l("This day is past: choose today or a later one."),
}
ANSWERS = {
    "not_status": _l("This is no answer to a payment file (ISO 20022 pain.002 or camt.054)."),
    "encoding": _l("The file’s characters cannot be read: ask the bank for UTF-8."),
    "unknown_file": _l("This answers a file that is not of this office or region."),
}
