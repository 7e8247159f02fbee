"""The words of transfers."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from siweb.transfers.tables.pension_transfer import TransferDirection, TransferState

STATES = {
    TransferState.APPLIED: lazy_pgettext("step of a transfer", "Applied for"),
    TransferState.ACCEPTED: lazy_pgettext("step of a transfer", "Letter of acceptance"),
    TransferState.FORM: lazy_pgettext("step of a transfer", "Information form"),
    TransferState.FUND: lazy_pgettext("step of a transfer", "Account transferred"),
    TransferState.DONE: lazy_pgettext("step of a transfer", "Done"),
    TransferState.REFUSED: lazy_pgettext("step of a transfer", "Refused"),
    TransferState.WITHDRAWN: lazy_pgettext("step of a transfer", "Withdrawn"),
}
TONES = {
    TransferState.APPLIED: "warn",
    TransferState.ACCEPTED: "warn",
    TransferState.FORM: "warn",
    TransferState.FUND: "warn",
    TransferState.DONE: "good",
    TransferState.REFUSED: "bad",
}
DIRECTIONS = {
    TransferDirection.IN: _l("Transfer from another region"),
    TransferDirection.OUT: _l("Transfer to another region"),
    TransferDirection.WITHIN: _l("Transfer between two regions of this office"),
}
# What comes after a step, as its reader is told: by direction the agency that does it.
NEXT = {
    TransferState.APPLIED: _l("The new agency looks at it and sends its letter of acceptance."),
    TransferState.ACCEPTED: _l("The former agency sends the information form and the money."),
    TransferState.FORM: _l("The former agency sends the money of the account."),
    TransferState.FUND: _l("The new agency adds months and account to your record."),
}
OBSTACLES = {
    "died": _l("The register says that this person died."),
    "draws": _l("You draw a pension: nothing is transferred any more."),
    "elsewhere": _l("Your pension relation is with a region that this office does not serve."),
    "temporary": _l(
        "Your pension account here is a temporary one: your pension relation stays where it was, "
        "so nothing is transferred here. When you stop working here, all of it goes back."
    ),
    "waiting": _l("A transfer of yours is under way: one at a time."),
    "nothing": _l(
        "There is nothing to transfer now: nothing was paid here, and you are not insured here. "
        "Begin to be insured first; then the agency sends for what was paid elsewhere."
    ),
    "changed": _l("Something changed meanwhile: see below what you may ask for now."),
}
REFUSALS = {
    "closed": _l("It is past this step, or it was ended meanwhile."),
    "moved": _l("The account has moved already."),
    "day_to_come": _l("This day lies in the future."),
    "day_before": _l("This day is before the step before it."),
    "died": _l("The person died: the heirs are paid what is in the account."),
}
