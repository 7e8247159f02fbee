"""The words of arrears at the desk."""

from flask_babel import lazy_gettext as _l

from siweb.collection.tables.arrears import ArrearsState, DeferredShare, WriteOffCause

STATES = {
    ArrearsState.FOUND: _l("Notice to be sent"),
    ArrearsState.NOTICED: _l("Notice received, time to pay running"),
    ArrearsState.OVERDUE: _l("Overdue: decision needed"),
    ArrearsState.DEFERRED: _l("Deferred"),
    ArrearsState.PAID: _l("Paid"),
    ArrearsState.WRITTEN_OFF: _l("Written off"),
}
CAUSES = {
    WriteOffCause.BANKRUPTCY: _l("Bankruptcy proceedings have ended"),
    WriteOffCause.DEREGISTERED: _l("The employer was deregistered and left no assets"),
}
SHARES = {
    DeferredShare.WHOLE: _l("The whole premium"),
    DeferredShare.EMPLOYER: _l("The employer’s share only"),
}
TONES = {
    ArrearsState.FOUND: "warn",
    ArrearsState.OVERDUE: "bad",
    ArrearsState.PAID: "good",
}
REFUSALS = {
    "paid": _l("This bill is already paid."),
    "written_off": _l("This bill is written off: it has to be reinstated first."),
    "not_written_off": _l("This bill is no longer written off."),
    "nothing_open": _l("Nothing on this bill is open any more."),
    "amounts_changed": _l(
        "Something was paid or taken back meanwhile. Look at the amounts and send it anew."
    ),
    "before_found": _l("Nobody owed anything on that day yet."),
    "no_legal_basis": _l(
        "Enter the law that allows it: premiums can be deferred only where a law says so."
    ),
    "no_deciding_body": _l("Enter the deciding body."),
    "several_months": _l(
        "The months of this bill had their own due dates: it can only be deferred as a whole."
    ),
    "too_many": _l(
        "This number of instalments is not possible: 2 to 24, each of at least one fen."
    ),
    "too_late": _l("The last instalment must lie within two years from now."),
    "from_ahead": _l("This date lies in the future."),
    "too_long": _l("A deferral lasts one year at most. Check both dates."),
    "until_past": _l("The last day is before the bill was in arrears."),
    "day_order": _l("The last day is before the first."),
}
