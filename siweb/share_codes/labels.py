"""The words of share codes."""

from flask_babel import lazy_gettext as _l

from siweb.share_codes.tables.share_code import Shown

SHOWN = {
    Shown.INSURED_NOW: _l("In which insurances I am insured now"),
    Shown.MONTHS: _l("How many months were paid in the last years"),
    Shown.BASE_BAND: _l("Between which amounts my base lies"),
    Shown.PENSION_INCOME: _l("What my pension comes to"),
}
REFUSALS = {
    "too_many": _l("%(most)s codes of yours are open. Take one back that you do not need."),
    "not_own": _l("A code is made by the person whose record it shows, and by nobody else."),
    "unknown": _l("No such code. Compare it with what you were given, sign by sign."),
    "revoked": _l("Its owner took this code back. Ask them for a new one."),
    "expired": _l("This code has expired. Ask its owner for a new one."),
    "used_up": _l("This code was used as often as it may be. Ask its owner for a new one."),
}
