"""What pages about employers say."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "month_billed": _l("This month was billed already. Choose a later first month."),
    "no_such_tier": _l("This class does not have this tier: class 1 has no 50 % and 80 %."),
    "as_before": _l("This rate holds in that month already."),
}
