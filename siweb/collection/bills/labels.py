"""The words that pages and papers say about bills."""

from flask_babel import lazy_gettext as _l

from siweb.collection.bills.find import BillState
from siweb.collection.tables.bill import BillKind
from siweb.collection.tables.payment import PaymentKind

KINDS = {
    BillKind.LEVY: _l("Monthly contributions"),
    BillKind.ADJUSTMENT: _l("Adjustment"),
    BillKind.ASSESSMENT: _l("Fixed by the agency"),
}
STATES = {
    BillState.OPEN: _l("To pay"),
    BillState.PART_PAID: _l("Paid in part"),
    BillState.OVERDUE: _l("Overdue"),
    BillState.NOT_PAID: _l("Not paid"),
    BillState.DEFERRED: _l("Deferred"),
    BillState.LATE_FEE: _l("Late fee to pay"),
    BillState.PAID: _l("Paid"),
    BillState.WRITTEN_OFF: _l("Written off"),
    BillState.CREDIT: _l("In your favour"),
}
TONES = {
    BillState.OPEN: "warn",
    BillState.PART_PAID: "warn",
    BillState.OVERDUE: "bad",
    BillState.NOT_PAID: "",
    BillState.DEFERRED: "warn",
    BillState.LATE_FEE: "bad",
    BillState.PAID: "good",
    BillState.WRITTEN_OFF: "",
    BillState.CREDIT: "good",
}
PAYMENT_KINDS = {
    PaymentKind.TRANSFER: _l("Bank transfer"),
    PaymentKind.GATEWAY: _l("Paid online"),
    PaymentKind.TAX: _l("Paid at the tax office"),
    PaymentKind.CREDIT: _l("From an adjustment in your favour"),
    PaymentKind.REFUND: _l("Refunded"),
    PaymentKind.REVERSAL: _l("Transfer that bounced"),
}
