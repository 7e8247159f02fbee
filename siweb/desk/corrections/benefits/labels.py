"""Why a benefit cannot be set right so."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "withdrawn_already": _l("It was decided already that this benefit was not due."),
    "before_begin": _l("This lies before the first month of the benefit."),
    "after_next_month": _l("This month is later than the next one."),
    "not_withdrawn": _l("This benefit is not withdrawn: there is nothing to begin again."),
    "before_withdrawal": _l("This lies before the first month that was not due."),
}
SIGN_REFUSALS = {"life_sign_gone": _l("This sign does not count any more.")}
