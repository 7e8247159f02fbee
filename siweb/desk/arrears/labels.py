"""The words of arrears at the desk."""

from flask_babel import lazy_gettext as _l

from siweb.collection.tables.arrears import ArrearsState

STATES = {
    ArrearsState.FOUND: _l("Notice to be given"),
    ArrearsState.NOTICED: _l("Notice received, days to pay run"),
    ArrearsState.OVERDUE: _l("Overdue: to decide"),
    ArrearsState.DEFERRED: _l("Deferred"),
    ArrearsState.PAID: _l("Paid"),
}
TONES = {
    ArrearsState.FOUND: "warn",
    ArrearsState.OVERDUE: "bad",
    ArrearsState.PAID: "good",
}
REFUSALS = {
    "paid": _l("This bill is paid by now."),
    "before_found": _l("Nobody owed anything on that day yet."),
    "no_legal_basis": _l("Name the law that allows it: premiums wait only where one says so."),
    "too_many": _l("So many instalments are not possible: from 2 to 24, each of a fen at least."),
    "until_past": _l("The last day lies before the bill was in arrears."),
    "day_order": _l("The last day lies before the first."),
}
