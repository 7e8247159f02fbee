"""The words of levy runs."""

from flask_babel import lazy_gettext as _l

from siweb.collection.tables.levy_run import LevyKind, LevyState

KINDS = {
    LevyKind.REGULAR: _l("Levy"),
    LevyKind.ADJUSTMENT: _l("Adjustment"),
    LevyKind.PREVIEW: _l("Preview"),
}
STATES = {
    LevyState.COMPUTING: _l("Under way"),
    LevyState.SHOWN: _l("Ready to view"),
    LevyState.ISSUED: _l("Billed"),
    LevyState.CANCELLED: _l("Nothing to bill"),
}
REFUSALS = {
    "not_begun": _l("This month has not begun yet: only months up to this one are billed."),
    "month_order": _l("The last month is before the first."),
    "too_long": _l("An adjustment goes over 36 months at most. Split it in two."),
    "due_before": _l("The last day to pay has passed."),
    "not_billed": _l("One of these months was never billed nor recorded: levy it first."),
    "overlaps": _l(
        "An earlier adjustment covers other months than these. "
        "Choose months that take in all of it."
    ),
    "adjust_first": _l(
        "This month was billed without an insurance whose rate is known by now. "
        "Adjust the month first, then bill whoever is left."
    ),
    "provisional": _l(
        "The notice of some figures is missing. Look at them, and say whether the month is billed "
        "with the last ones."
    ),
    "parameter_missing": _l(
        "The parameter pack lacks something for this month. "
        "Import it first: siweb packs check says what is missing."
    ),
}
