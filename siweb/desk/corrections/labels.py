"""Why a record cannot be corrected so."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "not_begun": _l("This month has not begun yet."),
    "month_order": _l("The last month is before the first."),
    "too_long": _l("A correction goes over 36 months at most. Split it in two."),
    "due_before": _l("The last day to pay has passed."),
    "after_death": _l("The person died before these months were over."),
    "same_payer": _l("This is the employer that the months are registered with already."),
    "not_there": _l("The person is not registered with this employer in these months."),
    "nothing_changes": _l("The record says this already: nothing would change."),
    "insured_elsewhere": _l(
        "Another employer, or the person alone, pays this insurance in one of these months. "
        "Choose that the employer is wrong, or take those months out first."
    ),
    "under_way": _l("A levy of these months is under way. Try again when it is done."),
    "differs": _l(
        "The books changed since this was sent: other amounts would come out. Send it anew."
    ),
    "not_upheld": _l("This objection is not waiting for a correction any more."),
}
