"""What payers are told of their bills, of what they owe, and of what comes back to them."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import BEFORE, MessageKind, Reader

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
EMPLOYER_REFUND_RETURNED = MessageKind(
    "employer_refund_returned",
    Reader.EMPLOYER,
    _l("A refund came back"),
    _l("The bank could not keep it on the account. Tell the agency another account of yours."),
    "bills.show_bills",
)
# A payment that bounced leaves its bills as if it never came: late fees run from the due day.
PAYMENT_BOUNCED = MessageKind(
    "payment_bounced",
    Reader.PERSON,
    _l("A payment of yours was taken back by the bank"),
    _l("What it had paid is open again. See which bill that is, and pay it once more."),
    "bills.show_own_bills",
)
EMPLOYER_PAYMENT_BOUNCED = MessageKind(
    "employer_payment_bounced",
    Reader.EMPLOYER,
    _l("A payment was taken back by the bank"),
    _l(
        "What it had paid is open again, and a late fee runs by law from the bill’s own last day. "
        "See which bill that is, and pay it once more."
    ),
    "bills.show_bills",
)
DEFERRAL_APPROVED = MessageKind(
    "deferral_approved",
    Reader.EMPLOYER,
    _l("What is owed may wait until %(day)s"),
    _l("On what waits no late fee is added until then. What it is about stands on the bill."),
    "bills.show_bills",
)
INSTALMENTS_APPROVED = MessageKind(
    "instalments_approved",
    Reader.EMPLOYER,
    _l("What is owed may be paid in instalments until %(day)s"),
    _l(
        "While each is paid in time no late fee is added. One that is missed ends the agreement: "
        "the bill says by when which is due."
    ),
    "bills.show_bills",
)
# The late fee went on by law meanwhile (SIL 86); only the days of the remedies wait for service.
DEFERRAL_REFUSED = MessageKind(
    "deferral_refused",
    Reader.EMPLOYER,
    _l("That what is owed may wait was not approved"),
    _l(
        "It is to be paid as before, and the late fee runs by law. The agency gives its reasons in "
        "writing; read what you can do about it."
    ),
    "bills.show_bills",
    needs_service=True,
)
INSTALMENTS_ENDED = MessageKind(
    "instalments_ended",
    Reader.EMPLOYER,
    _l("An instalment was missed: the agreement ended"),
    _l(
        "All that is left is to be paid at once, and a late fee is added from the day after the "
        "instalment was due (Social Insurance Law, 63 and 86)."
    ),
    "bills.show_bills",
)
OWN_BILL_DUE = MessageKind(
    "own_bill_due",
    Reader.PERSON,
    _l("A bill of yours is to be paid by %(day)s"),
    _l("It is not paid yet. What stays unpaid after that day does not count."),
    "bills.show_own_bills",
    days_before=BEFORE,
)
DEFERRAL_ENDING = MessageKind(
    "deferral_ending",
    Reader.EMPLOYER,
    _l("What is owed waits until %(day)s"),
    _l("Pay it by then: from the day after, a late fee is added again."),
    "bills.show_bills",
    days_before=BEFORE,
)
INSTALMENT_DUE = MessageKind(
    "instalment_due",
    Reader.EMPLOYER,
    _l("An instalment is to be paid by %(day)s"),
    _l("One that is missed ends the agreement, and all that is left is to be paid at once."),
    "bills.show_bills",
    # They come month after month: more than one for each would be read by nobody.
    days_before=(7,),
)
PAYEE_NAMED = MessageKind(
    "payee_named",
    Reader.PERSON,
    _l("A bank account was named for money that goes to you"),
    _l("Two members of staff looked at it. If it is not yours, tell the agency at once."),
    "bills.show_own_bills",
)
EMPLOYER_PAYEE_NAMED = MessageKind(
    "employer_payee_named",
    Reader.EMPLOYER,
    _l("A bank account was named for money that goes to you"),
    _l("Two members of staff looked at it. If it is not yours, tell the agency at once."),
    "bills.show_bills",
)
