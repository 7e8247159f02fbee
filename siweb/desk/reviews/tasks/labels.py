"""Why a task that follows from a review cannot be finished."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "own_case": _l("This is about yourself: leave it to somebody else."),
    "same_person": _l("You decided this certification: another person examines it."),
    "done": _l("This task was done meanwhile."),
    "not_corrected": _l(
        "The record has not changed since the objection: correct it first; the task ends with it."
    ),
}
RESIDENT_REFUSALS = {
    "resident_none": _l("The register has no open medical insurance as a resident here."),
    "resident_before": _l("This lies before the month with which the insurance began."),
    "resident_later": _l("This month has not begun yet."),
    "resident_changed": _l("The insurance changed since it was ended: look at the record."),
    "resident_insured": _l("The person has medical insurance elsewhere since then."),
}
BACK_PAY_REFUSALS = {
    "held_none": _l("Nothing was withheld that is still to be paid."),
    "held_differs": _l("Other months are held back now than were shown: send it again."),
}
