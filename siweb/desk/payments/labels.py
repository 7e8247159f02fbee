"""The labels of the desk's payments."""

from flask_babel import lazy_gettext as _l

from siweb.collection.payments.find import PaymentsShown

SHOWN = {
    PaymentsShown.WAITING: _l("To be matched"),
    PaymentsShown.KEPT: _l("Kept as credit"),
    PaymentsShown.ALL: _l("All"),
}
REFUSALS = {
    "no_such_bill": _l("No bill of this region has this reference."),
    "other_region": _l(
        "That bill belongs to %(region)s, and this money came for another region. Pay the money "
        "back, or take the import of its statement back and import it for %(region)s."
    ),
    "nothing_left": _l("Nothing is left of this payment."),
    "nothing_owed": _l("That bill does not ask for so much that this money may pay."),
    "two_payers": _l("That bill is of another payer than this payment."),
    "not_issued": _l("That bill is not issued yet."),
    "written_off": _l(
        "That bill is written off. Two people reinstate it first, on its page under arrears; "
        "then this money can be used for it."
    ),
    "no_money": _l("No money came in with this row."),
    "no_payer": _l("Name the payer first: enter the reference of any of their bills."),
    "too_much": _l("That is more than the balance left."),
    "refund_waits": _l(
        "A refund of this payment waits to be checked: only what is left beside it can be used."
    ),
    "refunded": _l("All of it was paid back already: nothing of it can be returned."),
    "no_parts": _l("Enter the reference and the amount of at least one bill."),
    "same_bill": _l("A bill appears twice: add its amounts up."),
}
