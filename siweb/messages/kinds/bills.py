"""What payers are told of their bills, of what they owe, and of what comes back to them."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

OWN_BILL = MessageKind(
    "own_bill",
    Reader.PERSON,
    _l("You have a new bill"),
    _l("See what it is for, and by when and how to pay."),
    "bills.show_own_bills",
)
REFUND = MessageKind(
    "refund",
    Reader.PERSON,
    _l("A refund to you was decided"),
    _l("See what it is for among your bills."),
    "bills.show_own_bills",
)
REFUND_RETURNED = MessageKind(
    "refund_returned",
    Reader.PERSON,
    _l("A refund to you came back"),
    _l("The bank could not keep it on the account. Tell the agency another account of yours."),
    "bills.show_own_bills",
)
BILL_ISSUED = MessageKind(
    "bill_issued",
    Reader.EMPLOYER,
    _l("There is a new bill"),
    _l("See what it is for, and by when and how to pay."),
    "bills.show_bills",
)
BILL_OVERDUE = MessageKind(
    "bill_overdue",
    Reader.EMPLOYER,
    _l("A bill was due on %(day)s and is not paid"),
    # SIL 86: it runs by law from the day of arrears, whether this was read or not.
    _l("A late fee runs by law for every day since."),
    "bills.show_bills",
)
BILL_WRITTEN_OFF = MessageKind(
    "bill_written_off",
    Reader.EMPLOYER,
    _l("A bill of yours was written off"),
    _l("Nobody asks for it any more. The claim stays on file."),
    "bills.show_bills",
)
BILL_REINSTATED = MessageKind(
    "bill_reinstated",
    Reader.EMPLOYER,
    _l("A bill that was written off is to be paid again"),
    _l("See which one, and how to pay."),
    "bills.show_bills",
)
EMPLOYER_REFUND = MessageKind(
    "employer_refund",
    Reader.EMPLOYER,
    _l("A refund was decided"),
    _l("See what it is for among the bills."),
    "bills.show_bills",
)
